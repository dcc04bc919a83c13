package dev.eventstream.control;

import java.time.Duration;

/**
 * How much a lane holds, and how it sends.
 *
 * <p>Immutable.
 *
 * @param maxQueuedEvents events that can wait; if there are more, hints replace them all
 * @param maxQueuedBytes bytes of events that can wait; if there are more, hints replace them all
 * @param maxBatchItems items in one request
 * @param maxBatchBytes bytes of items in one request, unless a single item is longer
 * @param minInterval least time between two requests. Pushpin up to 1.40 stops delivering if publishes come more often,
 *     unless its {@code message_rate} is 0 (its src/handler/ratelimiter.cpp restarts a 25 ms timer each time)
 * @param giveUpAfter how long the same events are retried; then hints replace them
 * @param drainTimeout time limit for sending what waits when the process stops
 */
public record LaneLimits(
        int maxQueuedEvents,
        long maxQueuedBytes,
        int maxBatchItems,
        int maxBatchBytes,
        Duration minInterval,
        Duration giveUpAfter,
        Duration drainTimeout) {

    /** Default of {@link #maxQueuedEvents}: {@value}. */
    public static final int DEFAULT_QUEUED_EVENTS = 10_000;

    /** Default of {@link #maxQueuedBytes}: {@value}. */
    public static final int DEFAULT_QUEUED_BYTES = 32 << 20;

    /** Default of {@link #maxBatchItems}: {@value}. */
    public static final int DEFAULT_BATCH_ITEMS = 500;

    /** Default of {@link #maxBatchBytes}: {@value}. */
    public static final int DEFAULT_BATCH_BYTES = 500_000;

    /** Default of {@link #minInterval}: 30 ms. */
    public static final Duration DEFAULT_MIN_INTERVAL = Duration.ofMillis(30);

    /** Default of {@link #giveUpAfter}: 30 s, half of the time for which Pushpin remembers an id. */
    public static final Duration DEFAULT_GIVE_UP_AFTER = Duration.ofSeconds(30);

    /** Default of {@link #drainTimeout}: 3 s. */
    public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(3);

    /** The defaults. */
    public static final LaneLimits DEFAULT = new LaneLimits(
            DEFAULT_QUEUED_EVENTS,
            DEFAULT_QUEUED_BYTES,
            DEFAULT_BATCH_ITEMS,
            DEFAULT_BATCH_BYTES,
            DEFAULT_MIN_INTERVAL,
            DEFAULT_GIVE_UP_AFTER,
            DEFAULT_DRAIN_TIMEOUT);

    public LaneLimits {
        if (maxQueuedEvents < 1 || maxQueuedBytes < 1 || maxBatchItems < 1 || maxBatchBytes < 1) {
            throw new IllegalArgumentException("a lane must be able to hold at least one event, byte and item: "
                    + maxQueuedEvents + ", " + maxQueuedBytes + ", " + maxBatchItems + ", " + maxBatchBytes);
        }
    }

    /** The same with another queue. */
    public LaneLimits withQueue(int events, long bytes) {
        return new LaneLimits(events, bytes, maxBatchItems, maxBatchBytes, minInterval, giveUpAfter, drainTimeout);
    }

    /** The same with another size of requests. */
    public LaneLimits withBatch(int items, int bytes) {
        return new LaneLimits(maxQueuedEvents, maxQueuedBytes, items, bytes, minInterval, giveUpAfter, drainTimeout);
    }

    /** The same with another interval. */
    public LaneLimits withMinInterval(Duration interval) {
        return new LaneLimits(
                maxQueuedEvents, maxQueuedBytes, maxBatchItems, maxBatchBytes, interval, giveUpAfter, drainTimeout);
    }
}
