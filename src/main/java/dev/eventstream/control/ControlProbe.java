package dev.eventstream.control;

/**
 * Checks whether a proxy would accept items. Publishes nothing.
 *
 * <p>Thread-safe.
 */
public interface ControlProbe {

    /** The result of a check. */
    enum Verdict {
        HEALTHY,
        /** The transport has no means to check. */
        UNKNOWN,
        UNHEALTHY
    }

    /**
     * A verdict and its reason.
     *
     * <p>Immutable.
     *
     * @param seen a predicate whose subject is the proxy's address, such as "answers commands"
     */
    record Finding(Verdict verdict, String seen) {}

    /** Checks. Returns within a few seconds, whatever the proxy does. */
    Finding ask() throws InterruptedException;
}
