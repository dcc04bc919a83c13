package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.B;
import static dev.eventstream.subscriber.TestEvents.LIVE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.EventType;
import dev.eventstream.event.LastEventId;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.StartLimit;
import dev.eventstream.store.TrimLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.stream.StreamView;
import dev.eventstream.stream.TypeFilter;
import dev.eventstream.subscriber.StreamStart.Beginning;
import dev.eventstream.subscriber.StreamStart.Missed;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StreamStartTest {
    private static final Pattern EVENT = Pattern.compile("^event: message$", Pattern.MULTILINE);

    private final TestNode node = new TestNode(new MemoryEventStore(Clock.systemUTC()));
    private final StreamStart start = node.fanout().streamStart();

    private Beginning begin(LastEventId asked, ChannelName... channels) {
        return begin(asked, StartLimit.NOW, channels);
    }

    private Beginning begin(LastEventId asked, StartLimit limit, ChannelName... channels) {
        return start.begin(List.of(channels), asked, limit, StreamView.of(Reader.anonymous()));
    }

    private static long events(Missed missed) {
        return EVENT.matcher(new String(missed.frames(), UTF_8)).results().count();
    }

    @Test
    void a_new_stream_starts_at_the_newest_events_and_misses_nothing() {
        Event a = node.store("a", "1", "2").get(1);
        Beginning beginning = begin(LastEventId.EMPTY, B, A, LIVE);

        assertThat(beginning.start()).isEqualTo(LastEventId.of(Map.of(A, a.id(), B, EventId.NONE)));
        assertThat(beginning.missed().frames()).isEmpty();
        assertThat(beginning.missed().position()).isEqualTo(beginning.start());
        assertThat(beginning.missed().hasMore()).isFalse();
    }

    @Test
    void a_returning_stream_gets_what_it_missed_and_positions_in_other_channels_are_ignored() {
        List<Event> a = node.store("a", "1", "2", "3");
        Event b = node.store("b", "x").get(0);
        Beginning beginning = begin(TestNode.at(a.get(0), b), A);

        assertThat(beginning.start()).isEqualTo(TestNode.at(a.get(0)));
        assertThat(events(beginning.missed())).isEqualTo(2);
        assertThat(beginning.missed().position()).isEqualTo(TestNode.at(a.get(2)));
        assertThat(beginning.missed().hasMore()).isFalse();
    }

    @Test
    void a_first_answer_has_100_events_and_a_further_one_1000() {
        List<Event> a = node.store("a", TestNode.numbers(0, 2_000));
        Missed first = begin(TestNode.at(a.get(0)), A).missed();
        Missed next = after(TestNode.at(a.get(0)), 100_000, A);

        assertThat(events(first)).isEqualTo(100);
        assertThat(first.position()).isEqualTo(TestNode.at(a.get(100)));
        assertThat(first.hasMore()).isTrue();
        assertThat(events(next)).isEqualTo(1_000);
        assertThat(next.position()).isEqualTo(TestNode.at(a.get(1_000)));
        assertThat(next.hasMore()).isTrue();
    }

    @Test
    void a_first_answer_has_at_most_64_kilobytes() {
        String data = "x".repeat(20_000);
        List<Event> a = node.store("a", data, data, data, data, data, data);
        Missed missed = begin(TestNode.at(a.get(0)), A).missed();

        assertThat(events(missed)).isEqualTo(3);
        assertThat(missed.hasMore()).isTrue();
    }

    @Test
    void a_further_answer_has_at_most_the_given_size_unless_its_first_event_is_longer() {
        List<Event> a = node.store("a", "0", "x".repeat(4_000), "x".repeat(4_000), "x".repeat(20_000));
        List<Event> b = node.store("b", "0", "x".repeat(4_000), "x".repeat(4_000));
        LastEventId both = TestNode.at(a.get(0), b.get(0));
        Missed two = after(both, 10_000, A, B);
        Missed one = after(two.position(), 10_000, A, B);
        Missed rest = after(one.position(), 10_000, A, B);

        assertThat(two.position()).isEqualTo(TestNode.at(a.get(2), b.get(0)));
        assertThat(two.frames().length).isLessThanOrEqualTo(10_000);
        assertThat(one.position()).isEqualTo(TestNode.at(a.get(3), b.get(0)));
        assertThat(one.frames().length).isGreaterThan(20_000);
        assertThat(rest.position()).isEqualTo(TestNode.at(a.get(3), b.get(2)));
        assertThat(List.of(two.hasMore(), one.hasMore(), rest.hasMore())).containsExactly(true, true, false);
    }

    @Test
    void an_event_of_the_next_channel_that_does_not_fit_is_left_to_the_next_answer() {
        List<Event> a = node.store("a", "0", "x".repeat(6_000));
        List<Event> b = node.store("b", "0", "x".repeat(6_000));
        Missed first = after(TestNode.at(a.get(0), b.get(0)), 10_000, A, B);
        Missed second = after(first.position(), 10_000, A, B);

        assertThat(first.position()).isEqualTo(TestNode.at(a.get(1), b.get(0)));
        assertThat(first.hasMore()).isTrue();
        assertThat(second.position()).isEqualTo(TestNode.at(a.get(1), b.get(1)));
    }

    private Missed after(LastEventId position, int maxBytes, ChannelName... channels) {
        return start.after(position, List.of(channels), StreamView.of(Reader.anonymous()), maxBytes);
    }

    @Test
    void an_answer_goes_on_in_the_next_channel_up_to_its_limits() {
        List<Event> a = node.store("a", TestNode.numbers(0, 90));
        List<Event> b = node.store("b", TestNode.numbers(0, 90));
        Missed missed = begin(TestNode.at(a.get(9), b.get(9)), A, B).missed();

        assertThat(events(missed)).isEqualTo(100);
        assertThat(missed.position()).isEqualTo(TestNode.at(a.get(89), b.get(29)));
    }

    @Test
    void while_memory_is_short_a_stream_starts_without_what_it_missed_and_catches_up_later() {
        List<Event> a = node.store("a", "1", "2", "3");
        node.memory.reserve(node.memory.limit());
        Beginning beginning = begin(TestNode.at(a.get(0)), A);

        assertThat(beginning.missed().frames()).isEmpty();
        assertThat(beginning.missed().position()).isEqualTo(TestNode.at(a.get(0)));
        assertThat(beginning.missed().hasMore()).isTrue();
        assertThat(begin(LastEventId.EMPTY, LIVE).missed().hasMore()).isFalse();
    }

    @Test
    void a_new_stream_starts_as_far_back_as_its_limit_admits() {
        List<Event> a = node.store("a", TestNode.numbers(0, 300));
        List<Event> b = node.store("b", "x");
        Beginning last = begin(LastEventId.EMPTY, StartLimit.newest(3), A, B, LIVE);
        Beginning all = begin(LastEventId.EMPTY, StartLimit.ALL, A);

        assertThat(last.start()).isEqualTo(LastEventId.of(Map.of(A, a.get(296).id(), B, EventId.NONE)));
        assertThat(events(last.missed())).isEqualTo(3 + 1);
        assertThat(last.missed().position()).isEqualTo(TestNode.at(a.get(299), b.get(0)));
        assertThat(last.missed().hasMore()).isFalse();
        assertThat(events(all.missed())).isEqualTo(100);
        assertThat(all.missed().hasMore()).isTrue();
    }

    @Test
    void the_limit_applies_only_to_channels_without_a_position() {
        List<Event> a = node.store("a", "1", "2", "3");
        List<Event> b = node.store("b", "1", "2", "3");
        Beginning beginning = begin(TestNode.at(a.get(2)), StartLimit.newest(2), A, B);

        assertThat(beginning.start()).isEqualTo(TestNode.at(a.get(2), b.get(0)));
        assertThat(events(beginning.missed())).isEqualTo(2);
    }

    @Test
    void a_start_sees_what_another_node_has_just_sent() {
        begin(LastEventId.EMPTY, A);
        Event unannounced = node.store("a", "1", "2").get(1);
        Beginning beginning = begin(LastEventId.EMPTY, StartLimit.newest(1), A);

        assertThat(events(beginning.missed())).isEqualTo(1);
        assertThat(beginning.missed().position()).isEqualTo(TestNode.at(unannounced));
    }

    @Test
    void a_trim_between_the_start_and_the_first_event_moves_the_start_and_causes_no_reset() {
        MemoryEventStore log = new MemoryEventStore(Clock.systemUTC());
        AtomicInteger trims = new AtomicInteger(2);
        TestNode trimmed = new TestNode(new ForwardingEventStore(log) {
            @Override
            public Optional<Map<ChannelName, EventId>> startPositions(
                    Collection<ChannelName> channels, StartLimit limit) {
                Optional<Map<ChannelName, EventId>> found = super.startPositions(channels, limit);
                if (trims.getAndDecrement() > 0) {
                    log.trim(A, TrimLimit.newest(1 + trims.get()), 100);
                }
                return found;
            }
        });
        List<Event> a = trimmed.store("a", "1", "2", "3", "4");
        Beginning beginning = trimmed.fanout()
                .streamStart()
                .begin(List.of(A), LastEventId.EMPTY, StartLimit.ALL, StreamView.of(Reader.anonymous()));

        assertThat(trims).hasValue(-1);
        assertThat(beginning.start()).isEqualTo(TestNode.at(a.get(2)));
        assertThat(events(beginning.missed())).isEqualTo(1);
        assertThat(new String(beginning.missed().frames(), UTF_8)).doesNotContain("stream-reset");
    }

    @Test
    void a_position_that_cannot_be_honoured_is_still_reset() {
        node.store("a", "1", "2");
        Beginning beginning = begin(LastEventId.of(Map.of(A, new EventId("another", 1))), StartLimit.ALL, A, B);

        assertThat(new String(beginning.missed().frames(), UTF_8))
                .containsOnlyOnce("stream-reset")
                .doesNotContain("event: message");
    }

    @Test
    void an_answer_that_shows_nothing_ends_after_16_pages_and_moves_the_position() {
        List<Event> a = node.store("a", TestNode.numbers(0, 20 * SharedPages.PAGE_EVENTS));
        StreamView others = new StreamView(Reader.anonymous(), TypeFilter.of(List.of(new EventType("other"))));
        Missed first = start.after(LastEventId.of(Map.of(A, EventId.NONE)), List.of(A), others, 100_000);
        Missed second = start.after(first.position(), List.of(A), others, 100_000);

        assertThat(first.position()).isEqualTo(TestNode.at(a.get(16 * SharedPages.PAGE_EVENTS - 1)));
        assertThat(first.hasMore()).isTrue();
        assertThat(new String(first.frames(), UTF_8).lines().filter(line -> line.startsWith("id: ")))
                .hasSize(16);
        assertThat(second.position()).isEqualTo(TestNode.at(a.get(a.size() - 1)));
        assertThat(second.hasMore()).isFalse();
    }

    @Test
    void stored_channels_are_sorted() {
        assertThat(start.stored(List.of(B, LIVE, A))).containsExactly(A, B);
    }
}
