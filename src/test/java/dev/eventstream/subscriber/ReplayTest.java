package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.B;
import static dev.eventstream.subscriber.TestEvents.MESSAGES;
import static dev.eventstream.subscriber.TestEvents.at;
import static dev.eventstream.subscriber.TestEvents.event;
import static dev.eventstream.subscriber.TestEvents.events;
import static dev.eventstream.subscriber.TestEvents.frame;
import static dev.eventstream.subscriber.TestEvents.hiddenFrom;
import static dev.eventstream.subscriber.TestEvents.otherType;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.SettableTicker;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.stream.StreamView;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private final EventStore log = new MemoryEventStore(Clock.systemUTC());
    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private final Feeds feeds = new Feeds(log, new StoredChannels(List.of()), feed -> {});
    private final Replay replay = new Replay(feeds, new SharedPages(log, memory, new SettableTicker()));

    private EventId append(String channel, String data) {
        return log.append(List.of(NewEvent.text(channel, "message", data)))
                .events()
                .get(0)
                .id();
    }

    private Replay.Page next(LastEventId position, Replay.Trust trust, ChannelName... channels) {
        return replay.next(position, List.of(channels), StreamView.of(Reader.anonymous()), 100, 1_000, trust);
    }

    private static String text(Replay.Page page) {
        return new String(page.bytes(), UTF_8);
    }

    @Test
    void channels_are_replayed_one_after_another() {
        EventId a = append("a", "1");
        EventId b = append("b", "2");
        Replay.Page first = next(LastEventId.EMPTY, Replay.Trust.LOG, A, B);
        Replay.Page second = next(first.position(), Replay.Trust.LOG, A, B);
        Replay.Page third = next(second.position(), Replay.Trust.LOG, A, B);

        assertThat(text(first)).isEqualTo("id: a=" + a + "\nevent: message\ndata: 1\n\n");
        assertThat(text(second)).isEqualTo("id: a=" + a + ",b=" + b + "\nevent: message\ndata: 2\n\n");
        assertThat(first.isEmpty() || second.isEmpty()).isFalse();
        assertThat(third.isEmpty()).isTrue();
        assertThat(third.position()).isEqualTo(LastEventId.of(Map.of(A, a, B, b)));
    }

    @Test
    void a_position_that_is_gone_is_reset_by_name_and_the_other_channels_go_on() {
        EventId a = append("a", "1");
        EventId b = append("b", "2");
        LastEventId gone = LastEventId.of(Map.of(A, new EventId("gone", 3), B, EventId.NONE));
        Replay.Page first = next(gone, Replay.Trust.LOG, A, B);
        Replay.Page second = next(first.position(), Replay.Trust.LOG, A, B);

        assertThat(text(first))
                .isEqualTo("id: a=" + a + ",b=0-0\nevent: stream-reset\ndata: {\"channels\":[\"a\"]}\n\n");
        assertThat(first.events()).isZero();
        assertThat(text(second)).isEqualTo("id: a=" + a + ",b=" + b + "\nevent: message\ndata: 2\n\n");
    }

    @Test
    void recent_events_answer_without_the_log() {
        ChannelFeed feed = feeds.get(A);
        feed.loaded(LogEnd.open(EventId.NONE));
        events(1, 3).forEach(feed::accept);

        assertThat(text(next(at(1), Replay.Trust.TAILS, A))).isEqualTo(frame(2) + frame(3));
        assertThat(text(next(at(1), Replay.Trust.LOG, A))).isEqualTo(frame(2) + frame(3));
    }

    @Test
    void a_feed_that_stands_at_the_position_is_believed_only_by_those_who_trust_it() {
        EventId a = append("a", "1");
        feeds.newest(List.of(A));
        EventId next = append("a", "2");
        LastEventId position = LastEventId.of(Map.of(A, a));

        assertThat(next(position, Replay.Trust.TAILS, A).isEmpty()).isTrue();
        assertThat(text(next(position, Replay.Trust.LOG, A)))
                .isEqualTo("id: a=" + next + "\nevent: message\ndata: 2\n\n");
    }

    @Test
    void a_page_ends_with_the_event_that_reaches_a_limit() {
        int frame = frame(2).length();
        assertThat(compose(events(2, 9), 3, 1_000).position()).isEqualTo(at(4));
        assertThat(compose(events(2, 9), 100, 2 * frame).position()).isEqualTo(at(3));
        assertThat(compose(events(2, 9), 100, 3 * frame - 1).position()).isEqualTo(at(3));
        assertThat(compose(events(2, 9), 100, 1).position()).isEqualTo(at(2));
        assertThat(compose(events(2, 9), 100, 1_000).position()).isEqualTo(at(9));
    }

    @Test
    void events_that_the_reader_must_not_see_do_not_count_but_move_the_position() {
        List<EncodedEvent> events = List.of(hiddenFrom("ann", 2), hiddenFrom("bob", 3), hiddenFrom("ann", 4));
        Replay.Page forAnn = Replay.compose(at(1), A, events, StreamView.of(TestNode.user("ann")), 1, 1_000);
        Replay.Page forBob = Replay.compose(at(1), A, events, StreamView.of(TestNode.user("bob")), 3, 1_000);

        assertThat(text(forAnn)).isEqualTo(moved(2) + frame(3));
        assertThat(forAnn.events()).isEqualTo(1);
        assertThat(text(forBob)).isEqualTo(frame(2) + moved(3) + frame(4));
        assertThat(forBob.events()).isEqualTo(2);
    }

    private static String moved(int sequence) {
        return "id: a=e-" + sequence + "\nevent: keep-alive\ndata:\n\n";
    }

    private static Replay.Page compose(List<EncodedEvent> events, int maxEvents, int maxBytes) {
        return Replay.compose(at(1), A, events, StreamView.of(Reader.anonymous()), maxEvents, maxBytes);
    }

    @Test
    void events_of_types_that_are_not_shown_only_move_the_position() {
        List<EncodedEvent> mixed = List.of(otherType(2), event(3), otherType(4), otherType(5));
        Replay.Page page = Replay.compose(at(1), A, mixed, MESSAGES, 100, 1_000);
        Replay.Page silent = Replay.compose(at(3), A, mixed.subList(2, 4), MESSAGES, 100, 1_000);

        assertThat(text(page)).isEqualTo(frame(3) + "id: a=e-5\nevent: keep-alive\ndata:\n\n");
        assertThat(page.events()).isEqualTo(1);
        assertThat(text(silent)).isEqualTo("id: a=e-5\nevent: keep-alive\ndata:\n\n");
        assertThat(silent.position()).isEqualTo(at(5));
        assertThat(silent.isEmpty()).isFalse();
        assertThat(silent.events()).isZero();
    }
}
