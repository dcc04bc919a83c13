package dev.eventstream.control;

import java.time.Duration;

/**
 * How much a lane may hold, and how it sends.
 *
 * <p>Immutable.
 *
 * @param maxQueuedEvents events that may wait; beyond it the queue is replaced by hints
 * @param maxQueuedBytes bytes of events that may wait; beyond it the queue is replaced by hints
 * @param maxBatchItems items in one request
 * @param maxBatchBytes bytes of items in one request, unless a single item is longer
 * @param minInterval least time between two requests. Pushpin up to 1.40 stops delivering when it is published to more often,
 *     unless its {@code message_rate} is 0 (its src/handler/ratelimiter.cpp restarts a 25 ms timer each time)
 * @param giveUpAfter how long the same events are tried again; then hints take their place
 * @param drainTimeout how long what waits may take to be sent when the process stops
 */
public record LaneLimits(
        int maxQueuedEvents,
        long maxQueuedBytes,
        int maxBatchItems,
        int maxBatchBytes,
        Duration minInterval,
        Duration giveUpAfter,
        Duration drainTimeout) {

    /** Events that wait: {@value}. */
    public static final int DEFAULT_QUEUED_EVENTS = 10_000;

    /** Bytes that wait: {@value}. */
    public static final int DEFAULT_QUEUED_BYTES = 32 << 20;

    /** Items in one request: {@value}. */
    public static final int DEFAULT_BATCH_ITEMS = 500;

    /** Bytes in one request: {@value}. */
    public static final int DEFAULT_BATCH_BYTES = 500_000;

    /** Between two requests: 30 ms. */
    public static final Duration DEFAULT_MIN_INTERVAL = Duration.ofMillis(30);

    /** The same events are tried for 30 s, half of the time for which Pushpin remembers an id. */
    public static final Duration DEFAULT_GIVE_UP_AFTER = Duration.ofSeconds(30);

    /** 3 s. */
    public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(3);

    /** What is good for most. */
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
            throw new IllegalArgumentException("a lane needs room for at least one event, byte and item: "
                    + maxQueuedEvents + ", " + maxQueuedBytes + ", " + maxBatchItems + ", " + maxBatchBytes);
        }
    }

    /** The same, but for the queue. */
    public LaneLimits withQueue(int events, long bytes) {
        return new LaneLimits(events, bytes, maxBatchItems, maxBatchBytes, minInterval, giveUpAfter, drainTimeout);
    }

    /** The same, but for the size of a request. */
    public LaneLimits withBatch(int items, int bytes) {
        return new LaneLimits(maxQueuedEvents, maxQueuedBytes, items, bytes, minInterval, giveUpAfter, drainTimeout);
    }

    /** The same, but for the pace. */
    public LaneLimits withMinInterval(Duration interval) {
        return new LaneLimits(
                maxQueuedEvents, maxQueuedBytes, maxBatchItems, maxBatchBytes, interval, giveUpAfter, drainTimeout);
    }
}
