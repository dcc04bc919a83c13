package dev.eventstream.subscriber;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A node's metrics of its streams.
 *
 * <p>Thread-safe.
 */
final class StreamMetrics {
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Meter delivered;
    private final Meter catchUps;
    private final Meter overflows;
    private final Map<CloseReason, Counter> ended = new EnumMap<>(CloseReason.class);

    StreamMetrics(MetricRegistry metrics) {
        this.delivered = metrics.meter("eventstream.events.delivered");
        this.catchUps = metrics.meter("eventstream.catch-ups");
        this.overflows = metrics.meter("eventstream.overflows");
        for (CloseReason cause : CloseReason.values()) {
            ended.put(cause, metrics.counter("eventstream.streams.ended." + cause.label()));
        }
        metrics.gauge("eventstream.streams.open", () -> open::get);
        metrics.gauge("eventstream.catch-ups.waiting", () -> waiting::get);
    }

    int open() {
        return open.get();
    }

    void opened() {
        open.incrementAndGet();
    }

    void closed(CloseReason cause) {
        open.decrementAndGet();
        Counter counter = ended.get(cause);
        if (counter != null) {
            counter.inc();
        }
    }

    /** Events handed to streams, counted once per stream. */
    void delivered(long events) {
        delivered.mark(events);
    }

    void caughtUp() {
        catchUps.mark();
    }

    /** More streams wait until they may catch up, or fewer. */
    void moreWait(int streams) {
        waiting.addAndGet(streams);
    }

    void overflowed() {
        overflows.mark();
    }
}
