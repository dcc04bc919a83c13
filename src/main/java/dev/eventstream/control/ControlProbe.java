package dev.eventstream.control;

/**
 * Asks a proxy whether it would take what it is given. Publishes nothing.
 *
 * <p>Thread-safe.
 */
public interface ControlProbe {

    /** What was found. */
    enum Verdict {
        HEALTHY,
        /** The transport has no way to ask. */
        UNKNOWN,
        UNHEALTHY
    }

    /**
     * A verdict, and what was seen, in words that follow the proxy's address.
     *
     * <p>Immutable.
     */
    record Finding(Verdict verdict, String seen) {}

    /** Asks. Returns within a few seconds whatever the proxy does. */
    Finding ask() throws InterruptedException;
}
