package dev.eventstream.store;

import java.time.Instant;

/**
 * Which of a channel's events a new reader receives: the newest of those that were sent at or after a time.
 *
 * <p>Immutable.
 *
 * @param since {@link Instant#MIN} for any time
 * @param events the largest number of events; {@link Long#MAX_VALUE} for all; 0 for none, so that the reader begins at the newest event
 */
public record StartLimit(Instant since, long events) {
    /** No event that was sent before now. */
    public static final StartLimit NOW = newest(0);

    /** Everything that the channel has. */
    public static final StartLimit ALL = newest(Long.MAX_VALUE);

    /**
     * @throws IllegalArgumentException if the number of events is negative
     */
    public StartLimit {
        if (events < 0) {
            throw new IllegalArgumentException("a start of " + events + " events is not allowed; allowed is 0 or more");
        }
    }

    /** Events that were sent at or after a time, any number of them. */
    public static StartLimit since(Instant since) {
        return new StartLimit(since, Long.MAX_VALUE);
    }

    /** The newest events, whatever their age. */
    public static StartLimit newest(long events) {
        return new StartLimit(Instant.MIN, events);
    }

    /** Only the events that both limits admit. */
    public StartLimit and(StartLimit other) {
        return new StartLimit(since.isAfter(other.since) ? since : other.since, Math.min(events, other.events));
    }

    /** Whether it admits no event that was sent before now. */
    public boolean isNow() {
        return events == 0;
    }
}
