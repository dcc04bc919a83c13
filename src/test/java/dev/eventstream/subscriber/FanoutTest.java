package dev.eventstream.subscriber;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.ReadersByName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.Heartbeats;
import dev.eventstream.publisher.EventTracing;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.stream.Admission;
import dev.eventstream.stream.HoldInstruction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FanoutTest {
    private static final ChannelName A = new ChannelName("a");

    private final EventStore store = new MemoryEventStore(Clock.systemUTC());
    private final TestNode node = new TestNode(store);

    private Object gauge(String name) {
        return requireNonNull(node.metrics.getGauges().get(name)).getValue();
    }

    @Test
    void memory_is_shown_as_gauges() {
        node.memory.reserve(1_000);

        assertThat(gauge("eventstream.memory.used")).isEqualTo(1_000L);
        assertThat(gauge("eventstream.memory.limit")).isEqualTo(node.memory.limit());
        assertThat(node.fanout().memory()).isSameAs(node.memory);
    }

    @Test
    void a_channel_is_known_while_it_is_read_and_for_a_minute_after_that_if_it_is_stored() {
        TestSink sink = node.open("a", "live-b");
        assertThat(node.fanout().channels()).containsExactly(A);
        assertThat(node.fanout().openStreams()).isEqualTo(1);
        node.pass(Duration.ofSeconds(70));
        assertThat(node.fanout().channels()).containsExactly(A);
        sink.disconnect();
        node.pass(Duration.ofSeconds(58));
        assertThat(node.fanout().channels()).containsExactly(A);
        node.pass(Duration.ofSeconds(5));

        assertThat(node.fanout().channels()).isEmpty();
        assertThat(node.fanout().openStreams()).isZero();
    }

    @Test
    void a_feed_that_is_behind_a_reported_position_reads_the_log() {
        TestSink sink = node.open("a");
        Event event = node.store("a", "not announced").get(0);
        node.fanout().announceNewest(Map.of(A, event.id(), new ChannelName("unknown"), event.id()));
        node.settle();
        assertThat(sink.data()).containsExactly("not announced");
        node.fanout().announceNewest(Map.of(A, event.id()));

        assertThat(node.catchUp.waiting()).isZero();
    }

    @Test
    void streams_are_spread_evenly_over_the_shards() {
        TestNode three = new TestNode(store, 3, 16 << 20);
        Event first = three.store("a", "1", "2").get(0);
        for (int i = 0; i < 9; i++) {
            three.subscribe(Reader.anonymous(), TestNode.at(first), "a");
        }
        three.runShards();

        // each shard has one turn: 2 × 2 threads / 3 shards
        assertThat(three.catchUp.waiting()).isEqualTo(3);
    }

    @Test
    void pages_of_the_log_leave_memory_after_half_a_minute() {
        Event first = node.store("a", TestNode.numbers(0, 100)).get(0);
        TestSink sink = node.open(Reader.anonymous(), TestNode.at(first), "a");
        assertThat(sink.data()).hasSize(99);
        assertThat(node.memory.used()).isPositive();
        node.pass(Duration.ofSeconds(32));

        assertThat(node.memory.used()).isZero();
    }

    @Test
    void tasks_that_hang_are_in_trouble_by_the_name_of_their_executor() {
        Event first = node.store("a", "1", "2").get(0);
        node.subscribe(TestNode.user("ann"), TestNode.at(first), "a");
        node.runShards();
        node.fanout().apply(new AccessChange.OfUser("ann", A));
        node.runShards();
        node.ticker.advance(Duration.ofSeconds(61));

        assertThat(node.troubles()).containsOnlyKeys("catch-up", "permissions");
    }

    @Test
    void an_unstored_event_without_readers_is_dropped() {
        node.sendUnstored("live-x", "nobody reads this");
        TestSink sink = node.open("live-x");
        node.sendUnstored("live-x", "now");
        node.settle();

        assertThat(sink.data()).containsExactly("now");
    }

    @Test
    void a_fan_out_runs_on_its_own_threads_until_it_is_stopped() throws Exception {
        ExecutorService owner = Executors.newFixedThreadPool(2);
        ExecutorService workers = Executors.newFixedThreadPool(2);
        MetricRegistry metrics = new MetricRegistry();
        MemoryBudget memory = new MemoryBudget(16 << 20);
        Fanout fanout = new Fanout(
                store,
                new StoredChannels(List.of()),
                (reader, channel) -> true,
                ReadersByName.none(),
                new FanoutResources(
                        workers,
                        2,
                        workers,
                        workers,
                        TestEvents.TERMS,
                        2,
                        memory,
                        Duration.ofSeconds(1),
                        EventTracing.OFF,
                        Ticker.systemTicker(),
                        new Heartbeats(Ticker.systemTicker(), metrics)),
                metrics);
        fanout.start(owner);
        for (int i = 0; i < 4; i++) {
            fanout.subscribe(
                    new HoldInstruction(
                            List.of(A), LastEventId.EMPTY, Reader.anonymous(), new Admission(0, Instant.MAX)),
                    listener -> new TestSink(listener, memory));
        }
        List<Event> events =
                store.append(List.of(NewEvent.text("a", "message", "x"))).events();
        CompletableFuture<Void> unused = fanout.announce(events);
        await().until(() -> metrics.meter("eventstream.events.delivered").getCount() == 4);
        fanout.stop();
        owner.shutdown();
        workers.shutdown();

        assertThat(owner.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
}
