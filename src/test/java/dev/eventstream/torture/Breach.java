package dev.eventstream.torture;

/** How the contract can be broken. */
enum Breach {
    /**
     * A committed event that a reader was not shown and not told of, or that is not in the log any more; or a send or a loop
     * that stands still though nothing is in its way.
     */
    LOST,
    /** An event that did not commit, or an id that stood for two events. */
    PHANTOM,
    /** An event that was shown after a later one. */
    REORDERED,
    /** An event that a handler saw twice, or that is in the log twice. */
    REPEATED,
    /** An event that was shown to somebody who may not read it. */
    LEAKED;

    String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
