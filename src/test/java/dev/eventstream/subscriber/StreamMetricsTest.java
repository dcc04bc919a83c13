package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.event;
import static dev.eventstream.subscriber.TestEvents.id;
import static dev.eventstream.subscriber.TestEvents.sink;
import static dev.eventstream.subscriber.TestEvents.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.Event;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.SettableTicker;
import dev.eventstream.publisher.EventTracing;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is timed, and between which moments. */
class StreamMetricsTest {
    private final SettableTicker ticker = new SettableTicker();
    private final MetricRegistry registry = new MetricRegistry();
    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private final LiveStreams live = new LiveStreams(memory, new StreamMetrics(registry, ticker), EventTracing.OFF);
    private final Timer latency = registry.timer("eventstream.latency");

    private static EncodedEvent sentAt(long nanos, long sequence) {
        return new EncodedEvent(Event.stored(NewEvent.text("a", "message", "x"), id(sequence)), nanos);
    }

    private static List<Long> millis(Timer timer) {
        return Arrays.stream(timer.getSnapshot().getValues())
                .map(nanos -> Duration.ofNanos(nanos).toMillis())
                .boxed()
                .toList();
    }

    private void enter() {
        assertThat(live.enter(subscription(Reader.anonymous(), LastEventId.EMPTY, memory, A)))
                .isEmpty();
    }

    @Test
    void a_batch_counts_once_from_the_beginning_of_the_send_of_its_oldest_event() {
        enter();
        long first = ticker.read();
        ticker.advance(Duration.ofMillis(5));
        live.gather(A, sentAt(ticker.read(), 1));
        live.gather(A, sentAt(first, 2));
        ticker.advance(Duration.ofMillis(20));
        live.gather(A, sentAt(ticker.read(), 3));
        assertThat(live.flush()).isEmpty();

        assertThat(millis(latency)).containsExactly(25L);
    }

    @Test
    void each_batch_is_timed_by_its_own_events() {
        enter();
        live.gather(A, sentAt(ticker.read(), 1));
        live.flush();
        ticker.advance(Duration.ofSeconds(1));
        live.gather(A, sentAt(ticker.read(), 2));
        ticker.advance(Duration.ofMillis(3));
        live.flush();

        assertThat(millis(latency)).containsExactly(0L, 3L);
    }

    @Test
    void events_of_other_nodes_and_events_that_nobody_reads_are_not_timed() {
        live.gather(A, sentAt(ticker.read(), 1));
        live.flush();
        enter();
        live.gather(A, event(2));
        live.flush();
        live.flush();

        assertThat(latency.getCount()).isZero();
    }

    @Test
    void a_stream_that_falls_behind_is_timed_until_it_is_live_again() {
        TestShard shard = new TestShard(1);
        shard.load(A);
        Subscription stream = shard.join(LastEventId.EMPTY, A);
        Timer delays = shard.registry.timer("eventstream.catch-ups.delay");
        assertThat(delays.getCount()).isEqualTo(1);
        shard.send(A, "1");
        sink(stream).stopReading(0);
        shard.ticker.advance(Duration.ofMinutes(1));
        shard.send(A, "2");
        assertThat(delays.getCount()).isEqualTo(1);

        shard.ticker.advance(Duration.ofMillis(40));
        sink(stream).read();
        shard.streams.attend(stream);
        assertThat(delays.getCount()).isEqualTo(2);
        assertThat(millis(delays)).contains(40L);
    }
}
