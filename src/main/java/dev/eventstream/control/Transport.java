package dev.eventstream.control;

import com.google.common.base.Ticker;
import java.net.URI;

/**
 * The way to a proxy's control port.
 *
 * <p>Immutable. Opens nothing until the lane runs.
 */
public interface Transport {

    /** The address for logs and health checks: without user, password and query. */
    URI target();

    /** Bytes of the longest item that it can carry. */
    int maxItemBytes();

    /** Whether items can be lost unnoticed when the connection breaks. */
    boolean isUnacknowledged();

    /** Makes a probe for a health check. */
    ControlProbe probe();

    /**
     * Makes a client, for the calling thread.
     *
     * @param ticker measures time
     */
    ControlClient open(Ticker ticker);
}
