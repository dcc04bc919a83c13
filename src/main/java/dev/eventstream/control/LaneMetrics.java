package dev.eventstream.control;

import com.codahale.metrics.Histogram;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;

/**
 * The metrics of a lane, {@code eventstream.proxy.<name>.…}.
 *
 * <p>Thread-safe.
 */
final class LaneMetrics {
    /** Events that the proxy took. */
    private final Meter sent;

    /** Requests that failed. */
    final Meter failed;

    /** Requests that were repeated because they had failed. */
    final Meter retried;

    /** Hints and resets that the proxy took. */
    private final Meter hints;

    /** Requests to end the streams of readers who lost a permission or were disconnected. */
    private final Meter kicks;

    /** Events that were repeated because their channel went quiet. */
    private final Meter repeated;

    /** Duration of a request that succeeds. */
    final Timer latency;

    /** Items in a request. */
    final Histogram batchSize;

    LaneMetrics(String proxy, LaneQueue queue, SentItems sentItems, MetricRegistry metrics) {
        String prefix = MetricRegistry.name("eventstream.proxy", proxy);
        this.sent = metrics.meter(prefix + ".sent");
        this.failed = metrics.meter(prefix + ".failed");
        this.retried = metrics.meter(prefix + ".retried");
        this.hints = metrics.meter(prefix + ".hints");
        this.kicks = metrics.meter(prefix + ".kicks");
        this.repeated = metrics.meter(prefix + ".repeated");
        this.latency = metrics.timer(prefix + ".latency");
        this.batchSize = metrics.histogram(prefix + ".batch-size");
        metrics.gauge(prefix + ".queued", () -> queue::queuedEvents);
        metrics.gauge(prefix + ".lost-resets", () -> queue::lostResets);
        metrics.gauge(prefix + ".unrepeated", () -> sentItems::unrepeated);
    }

    /** Counts an item that the proxy took. */
    void taken(ProxyItem item) {
        switch (item.kind()) {
            case STORED, UNSTORED -> sent.mark();
            case REPEATED -> repeated.mark();
            case HINT, RESET -> hints.mark();
            case KICK -> kicks.mark();
        }
    }
}
