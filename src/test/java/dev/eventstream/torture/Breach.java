package dev.eventstream.torture;

/** The ways in which the contract can be broken. */
enum Breach {
    /**
     * A committed event that a reader did not receive and no reset covers, or that has vanished from the log; or a send, a loop or
     * a connection to the bus that is stuck although nothing is in its way.
     */
    LOST,
    /** An event that did not commit, or an id that was used for two events. */
    PHANTOM,
    /** An event that a reader received after a later one. */
    REORDERED,
    /** An event that a handler saw twice, or that is in the log twice. */
    REPEATED,
    /** An event that a reader received without permission. */
    LEAKED;

    String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
