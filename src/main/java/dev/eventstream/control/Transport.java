package dev.eventstream.control;

/**
 * How a proxy is reached.
 *
 * <p>Immutable. Nothing is opened before the lane runs.
 */
public interface Transport {

    /** The address as it may be shown to anybody: without user, password and query. */
    String target();

    /** Longest item that it can carry, in bytes. */
    int maxItemBytes();

    /** Whether what was handed over may be lost on the way without anybody noticing, when the connection breaks. */
    boolean isUnacknowledged();

    /** What asks the proxy whether it is well, for a health check. */
    ControlProbe probe();

    /** A client, for the thread that calls. */
    ControlClient open();
}
