package dev.eventstream.control;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.Heartbeats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Running lanes of a test, and events for them. Not thread-safe. */
final class TestLanes implements AutoCloseable {
    static final LaneLimits QUICK = LaneLimits.DEFAULT.withMinInterval(Duration.ZERO);

    /** {@link #QUICK} with other times to give up and to drain. */
    static LaneLimits quick(Duration giveUpAfter, Duration drainTimeout) {
        return new LaneLimits(
                QUICK.maxQueuedEvents(),
                QUICK.maxQueuedBytes(),
                QUICK.maxBatchItems(),
                QUICK.maxBatchBytes(),
                QUICK.minInterval(),
                giveUpAfter,
                drainTimeout);
    }

    private final MetricRegistry metrics = new MetricRegistry();
    private final Heartbeats heartbeats;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Proxies proxies;
    private int sequence;

    TestLanes(ProxySettings... settings) {
        this(Ticker.systemTicker(), settings);
    }

    TestLanes(Ticker ticker, ProxySettings... settings) {
        heartbeats = new Heartbeats(ticker, metrics);
        proxies = new Proxies(List.of(settings), false, metrics, heartbeats, ticker);
        proxies.start(threads);
    }

    static TestLanes to(Transport transport, LaneLimits limits) {
        return new TestLanes(new ProxySettings("test", transport).withLimits(limits));
    }

    Proxies proxies() {
        return proxies;
    }

    MetricRegistry metrics() {
        return metrics;
    }

    /** The problems of the loops, by loop. */
    Map<String, String> troubles() {
        return heartbeats.troubles();
    }

    LaneStatus status() {
        return proxies.health().get(0).lane();
    }

    /** The next event of channel {@code a}. */
    Event next(String data) {
        return Event.stored(NewEvent.text("a", "message", data), new EventId("e1", ++sequence));
    }

    CompletableFuture<Void> announce(String... data) {
        List<Event> events = new ArrayList<>();
        for (String text : data) {
            events.add(next(text));
        }
        return proxies.announce(events);
    }

    static Event unstored(String channel, String data) {
        return Event.unstored(NewEvent.text(channel, "message", data));
    }

    @Override
    public void close() {
        try {
            proxies.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
