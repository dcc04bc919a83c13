package dev.eventstream.control;

import com.codahale.metrics.Histogram;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;

/**
 * What is measured of a lane, as {@code eventstream.proxy.<name>.…}.
 *
 * <p>Thread-safe.
 */
final class LaneMetrics {
    /** Events that the proxy took. */
    final Meter sent;

    /** Requests that failed. */
    final Meter failed;

    /** Requests that were made again because they had failed. */
    final Meter retried;

    /** Hints and resets that the proxy took. */
    final Meter hints;

    /** Events that were sent once more because their channel went quiet. */
    final Meter repeated;

    /** How long a request takes that does not fail. */
    final Timer latency;

    /** Items in a request. */
    final Histogram batchSize;

    LaneMetrics(String proxy, LaneQueue queue, Tails tails, MetricRegistry metrics) {
        String prefix = MetricRegistry.name("eventstream.proxy", proxy);
        this.sent = metrics.meter(prefix + ".sent");
        this.failed = metrics.meter(prefix + ".failed");
        this.retried = metrics.meter(prefix + ".retried");
        this.hints = metrics.meter(prefix + ".hints");
        this.repeated = metrics.meter(prefix + ".repeated");
        this.latency = metrics.timer(prefix + ".latency");
        this.batchSize = metrics.histogram(prefix + ".batch-size");
        metrics.gauge(prefix + ".queued", () -> queue::queuedEvents);
        metrics.gauge(prefix + ".lost-resets", () -> queue::lostResets);
        metrics.gauge(prefix + ".unrepeated", () -> tails::forgotten);
    }
}
