package dev.eventstream.example;

import jakarta.ws.rs.BadRequestException;

/**
 * A chat room. Its name has 1 to 50 characters, any Unicode except control characters. Jetty refuses names that are ambiguous
 * in a path: {@code /}, {@code \} and {@code %} even when encoded, a single dot, two dots.
 *
 * <p>Immutable.
 *
 * @param isPrivate whether only its members may read and write; a public room of the same name is another room
 */
record Room(String name, boolean isPrivate) {
    /** What the channels of private rooms begin with. */
    static final String MEMBERS = "members-";

    /** What a channel for those who are writing begins with, before the room's own channel. */
    static final String TYPING = "typing-";

    private static final String PUBLIC = "room-";
    private static final TextRule RULE = new TextRule("room", 50, false);

    /**
     * @throws BadRequestException if the name is not allowed
     */
    Room {
        requireAllowed(name);
    }

    /** A public room. */
    Room(String name) {
        this(name, false);
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
        return (isPrivate ? MEMBERS : PUBLIC) + name;
    }

    /** The channel that tells who is writing. Not stored. */
    String typingChannel() {
        return TYPING + channel();
    }
}
