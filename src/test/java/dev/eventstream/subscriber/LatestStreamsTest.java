package dev.eventstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StartLimit;
import dev.eventstream.store.TrimLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.stream.StreamView;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of latest channels on a node without threads, so that each test chooses its interleaving. */
class LatestStreamsTest {
    private static final ChannelName LATEST = new ChannelName("latest");

    private final Log store = new Log();
    private final TestNode node = new TestNode(store);

    @Test
    void a_slow_reader_skips_to_the_newest_event_without_a_reset() {
        TestSink slow = node.open("latest");
        TestSink fast = node.open("latest");
        slow.stopReading(1);
        for (int i = 0; i < 500; i++) {
            node.send("latest", Integer.toString(i));
            node.runShards();
        }
        node.pass(Duration.ofSeconds(2));
        slow.read();
        node.settle();
        node.send("latest", "500");
        node.settle();

        assertThat(slow.data()).containsExactly("0", "499", "500");
        assertThat(slow.received()).doesNotContain("stream-reset");
        assertThat(fast.data()).containsExactly(TestNode.numbers(0, 501));
    }

    @Test
    void a_slow_reader_whose_position_was_trimmed_skips_to_the_newest_event_without_a_reset() {
        TestSink slow = node.open("latest");
        slow.stopReading(1);
        for (int i = 0; i < 10; i++) {
            node.send("latest", Integer.toString(i));
            node.runShards();
        }
        store.trim(LATEST, TrimLimit.newest(1), 100);
        slow.read();
        node.settle();

        assertThat(slow.data()).containsExactly("0", "9");
        assertThat(slow.received()).doesNotContain("stream-reset");
    }

    @Test
    void a_catch_up_reads_only_the_newest_event() {
        Event first = node.store("latest", TestNode.numbers(0, 5_000)).get(0);
        store.read = 0;
        TestSink sink = node.open(Reader.anonymous(), TestNode.at(first), "latest");

        assertThat(sink.data()).containsExactly("4999");
        assertThat(store.read).isEqualTo(1);
    }

    @Test
    void a_position_in_a_log_that_is_gone_moves_on_without_a_reset() {
        LastEventId gone = LastEventId.of(Map.of(LATEST, new EventId("gone", 7)));
        TestSink sink = node.open(Reader.anonymous(), gone, "latest");
        node.pass(Duration.ofSeconds(3));
        assertThat(sink.received()).isEqualTo("id: latest=0-0\nevent: keep-alive\ndata:\n\n");
        assertThat(node.catchUp.waiting()).isZero();

        node.send("latest", "first");
        node.settle();

        assertThat(sink.data()).containsExactly("first");
    }

    @Test
    void an_answer_to_a_proxy_does_not_repeat_the_newest_event_of_a_log_that_is_gone() {
        TestSink live = node.open("latest");
        Event old = node.send("latest", "old").get(0);
        node.settle();
        store.isGone = true;
        StreamStart.Missed missed = node.fanout()
                .streamStart()
                .after(TestNode.at(old), List.of(LATEST), StreamView.of(Reader.anonymous()), 10_000);

        assertThat(live.data()).containsExactly("old");
        assertThat(new String(missed.frames(), StandardCharsets.UTF_8))
                .isEqualTo("id: latest=0-0\nevent: keep-alive\ndata:\n\n");
    }

    @Test
    void a_reader_who_comes_back_from_a_log_that_is_gone_does_not_get_an_older_event_from_memory() {
        node.open("latest");
        Event old = node.send("latest", "old").get(0);
        node.settle();
        Event newer = node.store("latest", "of another node").get(0);
        store.isGone = true;
        for (LastEventId asked :
                List.of(TestNode.at(newer), TestNode.at(old), LastEventId.of(Map.of(LATEST, EventId.NONE)))) {
            StreamStart.Missed missed = node.fanout()
                    .streamStart()
                    .begin(List.of(LATEST), asked, StartLimit.NOW, StreamView.of(Reader.anonymous()))
                    .missed();
            assertThat(new String(missed.frames(), StandardCharsets.UTF_8)).doesNotContain("data: ");
            assertThat(node.open(Reader.anonymous(), asked, "latest").data()).isEmpty();
        }
    }

    @Test
    void an_event_that_is_hidden_from_a_user_also_hides_those_that_it_replaces() {
        node.store("latest", "shown");
        store.append(List.of(NewEvent.text("latest", "message", "hidden").skippingUser("ann")));
        TestSink ann = node.open(TestNode.user("ann"), LastEventId.EMPTY, "latest");
        TestSink bob = node.open(TestNode.user("bob"), LastEventId.EMPTY, "latest");

        assertThat(ann.data()).isEmpty();
        assertThat(bob.data()).containsExactly("hidden");
    }

    /** Sends, trims, announcements that are lost or late, and clients that stop reading, in random order. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void every_stream_moves_only_forward_and_reaches_the_newest_event(long seed) {
        Random random = new Random(seed);
        List<TestSink> sinks = new ArrayList<>();
        List<Event> late = new ArrayList<>();
        sinks.add(node.open("latest"));
        sinks.add(node.open("latest", "whole"));
        int whole = 0;
        for (int i = 0; i < 100; i++) {
            late.addAll(node.store("latest", Integer.toString(i)));
            if (random.nextInt(4) == 0) {
                late.addAll(node.store("whole", "w" + whole++));
            }
            step(random, sinks, late);
        }
        sinks.forEach(TestSink::read);
        for (int i = 0; i < 4; i++) {
            node.fanout().poll().run();
            node.pass(Duration.ofSeconds(2));
        }

        for (TestSink sink : sinks) {
            List<Integer> prices = sink.data().stream()
                    .filter(data -> !data.startsWith("w"))
                    .map(Integer::valueOf)
                    .toList();
            assertThat(prices).isSorted().doesNotHaveDuplicates().endsWith(99);
            assertThat(sink.received()).doesNotContain("stream-reset");
        }
        assertThat(sinks.get(1).data().stream()
                        .filter(data -> data.startsWith("w"))
                        .count())
                .isEqualTo(whole);
    }

    private void step(Random random, List<TestSink> sinks, List<Event> late) {
        switch (random.nextInt(8)) {
            case 0 -> late.clear();
            case 1 -> sinks.get(random.nextInt(sinks.size())).stopReading(random.nextInt(3));
            case 2 -> sinks.get(random.nextInt(sinks.size())).read();
            case 3 -> node.settle();
            case 4 -> node.runShards();
            case 5 -> store.trim(LATEST, TrimLimit.newest(1 + random.nextInt(3)), 100);
            case 6 -> node.fanout().poll().run();
            default -> {
                CompletableFuture<Void> unused = node.fanout().announce(List.copyOf(late));
                late.clear();
            }
        }
    }

    /** A log that counts the events that are read from it, and may be lost. */
    private static final class Log extends ForwardingEventStore {
        private final EventStore empty = new MemoryEventStore(Clock.systemUTC());
        private int read;
        /** Whether an empty log has taken its place. */
        private boolean isGone;

        Log() {
            super(new MemoryEventStore(Clock.systemUTC()));
        }

        @Override
        public EventPage readAfter(ChannelName channel, EventId after, PageLimit limit) {
            EventPage page = isGone ? empty.readAfter(channel, after, limit) : super.readAfter(channel, after, limit);
            if (page instanceof EventPage.Range range) {
                read += range.events().size();
            }
            return page;
        }

        @Override
        public Map<ChannelName, LogEnd> ends(Collection<ChannelName> channels) {
            return isGone ? empty.ends(channels) : super.ends(channels);
        }
    }
}
