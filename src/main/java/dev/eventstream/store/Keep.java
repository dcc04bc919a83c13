package dev.eventstream.store;

import java.time.Instant;

/**
 * Which events of a channel a trim leaves: those that were sent at or after a time, and of these the newest.
 *
 * <p>Immutable.
 *
 * @param since {@link Instant#MIN} for whenever
 * @param events how many at most; {@link Long#MAX_VALUE} for all
 */
public record Keep(Instant since, long events) {
    /**
     * @throws IllegalArgumentException if the number of events is negative
     */
    public Keep {
        if (events < 0) {
            throw new IllegalArgumentException("to keep " + events + " events; allowed is 0 or more");
        }
    }

    /** However many. */
    public static Keep since(Instant since) {
        return new Keep(since, Long.MAX_VALUE);
    }

    /** However old. */
    public static Keep newest(long events) {
        return new Keep(Instant.MIN, events);
    }
}
