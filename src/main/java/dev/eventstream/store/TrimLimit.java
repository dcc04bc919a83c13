package dev.eventstream.store;

import java.time.Instant;

/**
 * Which events of a channel a trim keeps: of those that were sent at or after a time, the newest.
 *
 * <p>Immutable.
 *
 * @param since {@link Instant#MIN} for any time
 * @param events how many to keep at most; {@link Long#MAX_VALUE} for all
 */
public record TrimLimit(Instant since, long events) {
    /**
     * @throws IllegalArgumentException if the number of events is negative
     */
    public TrimLimit {
        if (events < 0) {
            throw new IllegalArgumentException("to keep " + events + " events; allowed is 0 or more");
        }
    }

    /** Keeps any number of events. */
    public static TrimLimit since(Instant since) {
        return new TrimLimit(since, Long.MAX_VALUE);
    }

    /** Keeps events of any age. */
    public static TrimLimit newest(long events) {
        return new TrimLimit(Instant.MIN, events);
    }
}
