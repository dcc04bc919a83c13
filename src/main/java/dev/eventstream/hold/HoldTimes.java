package dev.eventstream.hold;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The times of held streams.
 *
 * <p>Immutable.
 *
 * @param keepAlive the longest silence that clients expect; shorter than the connectors' idle timeout
 * @param stallTimeout how long a client may read nothing although bytes are pending before it is cut off
 */
record HoldTimes(Duration keepAlive, Duration stallTimeout, Ticker ticker) {
    private static final double SHORTEST = 0.5;
    /** Leaves a quarter of the interval for the rounds of maintenance: 250 ms of the shortest interval, 1 s. */
    private static final double LONGEST = 0.75;

    /**
     * The silence after which one stream sends its keep-alive. It differs between streams, so that they do not all send
     * at the same moment after a broadcast, and is at most three quarters of the interval.
     */
    Duration randomSilence() {
        double part = ThreadLocalRandom.current().nextDouble(SHORTEST, LONGEST);
        return Duration.ofNanos((long) (keepAlive.toNanos() * part));
    }
}
