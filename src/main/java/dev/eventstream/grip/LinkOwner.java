package dev.eventstream.grip;

import org.jspecify.annotations.Nullable;

/**
 * The reader for whom a next link counts: the first to need it, even if others share it.
 *
 * <p>Immutable.
 *
 * @param kind how the owner is known
 * @param name of the user, or the address; empty if neither is known
 */
public record LinkOwner(Kind kind, String name) {
    private static final LinkOwner UNKNOWN = new LinkOwner(Kind.UNKNOWN, "");

    /** How an owner is known. */
    enum Kind {
        USER,
        ADDRESS,
        UNKNOWN
    }

    /** An anonymous reader at an address. */
    public static LinkOwner address(String address) {
        return new LinkOwner(Kind.ADDRESS, address);
    }

    /** A signed-in reader, or an anonymous one about whom nothing is known. */
    public static LinkOwner of(@Nullable String user) {
        return user == null ? UNKNOWN : new LinkOwner(Kind.USER, user);
    }

    boolean isAnonymous() {
        return kind != Kind.USER;
    }
}
