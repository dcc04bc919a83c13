package dev.eventstream.example;

import jakarta.ws.rs.BadRequestException;

/**
 * A chat room. Its name has 1 to 50 characters, any Unicode except control characters. Jetty refuses names that are ambiguous
 * in a path: {@code /}, {@code \} and {@code %} even when encoded, a single dot, two dots.
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
            throw new BadRequestException("room must not begin or end with white space");
        }
    }

    /** The channel of its messages. */
    String channel() {
        return "room-" + name;
    }
}
