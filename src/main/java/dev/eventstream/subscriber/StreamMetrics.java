package dev.eventstream.subscriber;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import com.google.common.base.Ticker;
import dev.eventstream.channel.AccessChange;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
    private final Timer delays;
    private final Timer latency;
    private final Meter disconnections;
    private final Meter permissionChanges;
    private final Ticker ticker;
    private final Map<CloseReason, Counter> ended = new EnumMap<>(CloseReason.class);

    /** @param ticker by which requests and sends are timed, too */
    StreamMetrics(MetricRegistry metrics, Ticker ticker) {
        this.ticker = ticker;
        this.delivered = metrics.meter("eventstream.events.delivered");
        this.catchUps = metrics.meter("eventstream.catch-ups");
        this.overflows = metrics.meter("eventstream.overflows");
        this.delays = metrics.timer("eventstream.catch-ups.delay");
        this.latency = metrics.timer("eventstream.latency");
        this.disconnections = metrics.meter("eventstream.rights.disconnections");
        this.permissionChanges = metrics.meter("eventstream.rights.changes");
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

    /** Records that a stream is live, after it had been behind since that time. */
    void live(long behindSinceNanos) {
        delays.update(ticker.read() - behindSinceNanos, TimeUnit.NANOSECONDS);
    }

    /** Records that a batch was handed out. The node began to send its first event at that time. */
    void handedOut(long sentNanos) {
        latency.update(ticker.read() - sentNanos, TimeUnit.NANOSECONDS);
    }

    /** Records that a change of rights was applied to the streams of this node. */
    void applied(AccessChange change) {
        (change instanceof AccessChange.Disconnected ? disconnections : permissionChanges).mark();
    }

    void overflowed() {
        overflows.mark();
    }
}
