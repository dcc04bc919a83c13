package dev.eventstream.example;

import jakarta.ws.rs.BadRequestException;

/**
 * A chat room, by its name: 1 to 50 characters of any Unicode but control characters. Jetty keeps out what it finds
 * ambiguous in a path: {@code /}, {@code \} and {@code %} even when encoded, a dot alone, two dots alone.
 *
 * <p>Immutable.
 */
record Room(String name) {
    private static final TextRule RULE = new TextRule("room", 50, false);

    /**
     * @throws BadRequestException if the name is not allowed
     */
    Room {
        requireAllowed(name);
    }

    /**
     * @throws BadRequestException if no room can have this name
     */
    static void requireAllowed(String name) {
        if (!RULE.check(name).equals(name)) {
            throw new BadRequestException("room begins or ends with white space; it must not");
        }
    }

    /** Where its messages are sent. */
    String channel() {
        return "room-" + name;
    }
}
