package dev.eventstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.TrimLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of finished channels on a node without threads, so that each test chooses its interleaving. */
class FinishedStreamsTest {
    private static final ChannelName A = new ChannelName("a");

    private final MemoryEventStore store = new MemoryEventStore(Clock.systemUTC());
    private TestNode node = new TestNode(store);

    private Event finish(String channel) {
        Event end = storeEnd(channel);
        CompletableFuture<Void> unused = node.fanout().announce(List.of(end));
        return end;
    }

    private Event storeEnd(String channel) {
        return store.append(List.of(NewEvent.end(new ChannelName(channel))))
                .events()
                .get(0);
    }

    private static String streamEnd(String id, String channels) {
        return "id: " + id + "\nevent: stream-end\ndata: {\"channels\":[" + channels + "]}\n\n";
    }

    @Test
    void the_id_of_the_end_comes_only_with_stream_end() {
        TestSink sink = node.open("a");
        Event last = node.send("a", "last").get(0);
        Event end = finish("a");
        node.settle();

        assertThat(sink.received())
                .isEqualTo("id: a=" + last.id() + "\nevent: message\ndata: last\n\n:\n\n"
                        + streamEnd("a=" + end.id(), "\"a\""));
        assertThat(sink.closed()).isEqualTo(CloseReason.FINISHED);
    }

    @Test
    void a_client_that_is_cut_off_between_the_ends_of_two_channels_returns_to_its_position() {
        TestSink sink = node.open("a", "b");
        Event end = finish("a");
        Event next = node.send("b", "next").get(0);
        node.settle();

        assertThat(sink.received())
                .isEqualTo(":\n\nid: a=" + end.id() + ",b=" + next.id() + "\nevent: message\ndata: next\n\n");
        assertThat(sink.closed()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void all_streams_of_a_channel_end_on_every_shard_and_others_stay(int shards) {
        node = new TestNode(store, shards, 16 << 20);
        List<TestSink> readers = new ArrayList<>();
        List<TestSink> readersOfBoth = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            readers.add(node.open("a"));
            readersOfBoth.add(node.open("a", "b"));
        }
        finish("a");
        node.settle();
        node.send("b", "still here");
        node.settle();

        assertThat(readers).allSatisfy(sink -> assertThat(sink.closed()).isEqualTo(CloseReason.FINISHED));
        assertThat(readersOfBoth).allSatisfy(sink -> {
            assertThat(sink.closed()).isNull();
            assertThat(sink.data()).containsExactly("still here");
        });
        assertThat(node.catchUp.waiting()).isZero();
        finish("b");
        node.settle();
        assertThat(readersOfBoth).allSatisfy(sink -> assertThat(sink.closed()).isEqualTo(CloseReason.FINISHED));
    }

    @Test
    void a_slow_reader_gets_everything_before_its_stream_ends() {
        TestSink slow = node.open("a");
        slow.stopReading(1);
        for (int i = 0; i < 500; i++) {
            node.send("a", Integer.toString(i));
            node.runShards();
        }
        Event end = finish("a");
        node.pass(Duration.ofSeconds(2));
        assertThat(slow.closed()).isNull();

        slow.read();
        node.pass(Duration.ofSeconds(2));

        assertThat(slow.data()).containsExactly(TestNode.numbers(0, 500));
        assertThat(slow.received()).endsWith(streamEnd("a=" + end.id(), "\"a\""));
        assertThat(slow.closed()).isEqualTo(CloseReason.FINISHED);
    }

    @Test
    void an_end_that_was_never_announced_is_found_by_the_poll() {
        TestSink sink = node.open("a");
        node.store("a", "last");
        storeEnd("a");
        node.fanout().poll().run();
        node.pass(Duration.ofSeconds(2));
        node.fanout().poll().run();
        node.settle();

        assertThat(sink.data()).containsExactly("last");
        assertThat(sink.closed()).isEqualTo(CloseReason.FINISHED);
    }

    @Test
    void an_end_that_was_trimmed_before_a_stream_saw_it_resets_and_ends_it() {
        TestSink sink = node.open("a");
        storeEnd("a");
        store.trim(A, TrimLimit.newest(0), 10);
        node.fanout().poll().run();
        node.pass(Duration.ofSeconds(2));
        node.fanout().poll().run();
        node.settle();

        assertThat(sink.received()).contains("event: stream-reset", "event: stream-end");
        assertThat(sink.closed()).isEqualTo(CloseReason.FINISHED);
    }

    @Test
    void a_stream_with_an_unstored_channel_never_ends() {
        TestSink sink = node.open("a", "live-b");
        finish("a");
        node.settle();
        node.sendUnstored("live-b", "tick");
        node.settle();

        assertThat(sink.data()).containsExactly("tick");
        assertThat(sink.closed()).isNull();
    }

    @Test
    void an_end_that_is_announced_twice_ends_streams_once() {
        TestSink sink = node.open("a");
        Event end = finish("a");
        CompletableFuture<Void> unused = node.fanout().announce(List.of(end));
        node.settle();

        assertThat(sink.received().split("stream-end", -1)).hasSize(2);
    }

    /** Sends, finishes, announcements that are lost or late, and clients that stop reading, in random order. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void every_stream_gets_every_event_and_then_ends(long seed) {
        Random random = new Random(seed);
        List<TestSink> sinks = new ArrayList<>();
        List<String> sent = new ArrayList<>();
        List<Event> late = new ArrayList<>();
        sinks.add(node.open("a"));
        sinks.add(node.open("a", "b"));
        for (int i = 0; i < 60; i++) {
            sent.add(Integer.toString(i));
            late.addAll(node.store("a", Integer.toString(i)));
            step(random, sinks, late);
        }
        late.add(storeEnd("a"));
        step(random, sinks, late);
        late.add(storeEnd("b"));
        sinks.forEach(TestSink::read);
        for (int i = 0; i < 4; i++) {
            node.fanout().poll().run();
            node.pass(Duration.ofSeconds(2));
        }

        assertThat(sinks).allSatisfy(sink -> {
            assertThat(sink.data()).isEqualTo(sent);
            assertThat(sink.received()).doesNotContain("stream-reset").containsOnlyOnce("stream-end");
            assertThat(sink.closed()).isEqualTo(CloseReason.FINISHED);
        });
    }

    private void step(Random random, List<TestSink> sinks, List<Event> late) {
        switch (random.nextInt(6)) {
            case 0 -> late.clear();
            case 1 -> sinks.get(random.nextInt(sinks.size())).stopReading(random.nextInt(3));
            case 2 -> sinks.get(random.nextInt(sinks.size())).read();
            case 3 -> node.settle();
            case 4 -> node.runShards();
            default -> {
                CompletableFuture<Void> unused = node.fanout().announce(List.copyOf(late));
                late.clear();
            }
        }
    }

    @Test
    void a_stream_that_begins_at_the_end_ends_at_once() {
        Event end = finish("a");
        TestSink sink = node.open(Reader.anonymous(), TestNode.at(end), "a");

        assertThat(sink.received()).isEqualTo(streamEnd("a=" + end.id(), "\"a\""));
    }
}
