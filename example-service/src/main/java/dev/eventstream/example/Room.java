package dev.eventstream.example;

import jakarta.ws.rs.BadRequestException;

/** A chat room. Its name is 1 to 50 characters of any Unicode that can stand in a path. Immutable. */
record Room(String name) {
    private static final TextRule RULE = new TextRule("room", 50, false);

    /**
     * @throws BadRequestException if the name is not allowed
     */
    Room {
        name = RULE.check(name);
    }

    /** Where its messages are sent. */
    String channel() {
        return "room-" + name;
    }
}
