package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.B;
import static dev.eventstream.subscriber.TestEvents.LIVE;
import static dev.eventstream.subscriber.TestEvents.sink;
import static dev.eventstream.subscriber.TestEvents.unstored;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.EventType;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.LogEnd;
import dev.eventstream.stream.StreamView;
import dev.eventstream.stream.TypeFilter;
import dev.eventstream.subscriber.Cohort.Left;
import dev.eventstream.subscriber.ShardChannels.Rest;
import dev.eventstream.subscriber.Subscription.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardChannelsTest {
    /** Shows only events of type {@code other}; those of the tests are of type {@code message}. */
    private static final StreamView OTHERS =
            new StreamView(Reader.anonymous(), TypeFilter.of(List.of(new EventType("other"))));

    private final TestShard shard = new TestShard(1);
    private final ShardChannels channels = shard.channels;
    private final List<Left> left = new ArrayList<>();

    private Subscription stream(LastEventId position, ChannelName... names) {
        return TestEvents.subscription(Reader.anonymous(), position, shard.memory, names);
    }

    private Subscription joinLive(ChannelName... names) {
        shard.load(A, B);
        Subscription stream = shard.join(LastEventId.EMPTY, names);
        assertThat(stream.state()).isEqualTo(State.LIVE);
        return stream;
    }

    private ShardChannel at(ChannelName name) {
        return channels.find(name).orElseThrow();
    }

    @Test
    void a_channel_is_known_here_until_its_last_stream_leaves() {
        Subscription first = stream(LastEventId.EMPTY, A, LIVE);
        Subscription second = stream(LastEventId.EMPTY, A);
        channels.expect(first);
        channels.expect(second);
        assertThat(channels.all()).extracting(ShardChannel::name).containsExactlyInAnyOrder(A, LIVE);
        channels.leave(first);
        assertThat(channels.find(A)).isPresent();
        assertThat(channels.find(LIVE)).isEmpty();
        channels.leave(second);

        assertThat(channels.find(A)).isEmpty();
    }

    @Test
    void at_most_128_events_are_taken_from_a_feed_at_once() {
        Subscription live = joinLive(A);
        shard.announce(A, TestNode.numbers(0, 300));
        assertThat(channels.pull(A, left)).isTrue();
        shard.live.flush();
        assertThat(sink(live).data()).hasSize(128);
        assertThat(channels.pull(A, left)).isTrue();
        assertThat(channels.pull(A, left)).isFalse();
        shard.live.flush();

        assertThat(sink(live).data()).containsExactly(TestNode.numbers(0, 300));
        assertThat(channels.pull(A, left)).isFalse();
        assertThat(left).isEmpty();
    }

    @Test
    void a_full_batch_is_handed_out_while_a_feed_is_read() {
        Subscription live = joinLive(A);
        String large = "x".repeat(100_000);
        shard.announce(A, large, large, large, "last");
        channels.pull(A, left);
        assertThat(sink(live).data()).hasSize(3);
        shard.live.flush();

        assertThat(sink(live).data()).hasSize(4);
    }

    @Test
    void streams_that_are_handed_a_full_batch_and_refuse_it_are_reported() {
        Subscription live = joinLive(A);
        sink(live).stopReading(0);
        shard.announce(A, "x".repeat(300_000));
        channels.pull(A, left);

        assertThat(left).containsExactly(new Left(live, Cohort.Cause.FULL));
    }

    @Test
    void nothing_is_taken_for_channels_without_live_streams_and_for_unstored_ones() {
        joinLive(A, LIVE);
        shard.announce(B, TestNode.numbers(0, 300));

        assertThat(channels.pull(B, left)).isFalse();
        assertThat(channels.pull(LIVE, left)).isFalse();
        assertThat(shard.feeds.channels()).doesNotContain(LIVE);
        assertThat(left).isEmpty();
    }

    @Test
    void streams_that_the_recent_events_no_longer_reach_must_catch_up() {
        Subscription live = joinLive(A);
        Event first = shard.announce(A, "1").get(0);
        shard.announce(A, "2");
        shard.feeds.get(A).forget(new EncodedEvent(first));

        assertThat(channels.pull(A, left)).isFalse();
        assertThat(left).containsExactly(new Left(live, Cohort.Cause.NO_MEMORY));
        assertThat(shard.live.read(A)).isFalse();
    }

    @Test
    void the_rest_of_a_stream_are_the_events_up_to_where_its_channels_stand_here() {
        joinLive(A);
        Event first = shard.announce(A, "1").get(0);
        Event second = shard.announce(A, "2").get(0);
        channels.pull(A, left);
        shard.announce(A, "not here yet");
        Rest.Frames rest = (Rest.Frames) channels.rest(stream(TestNode.at(first), A));

        assertThat(new String(rest.bytes(), UTF_8)).isEqualTo("id: a=" + second.id() + "\nevent: message\ndata: 2\n\n");
        assertThat(rest.position()).isEqualTo(TestNode.at(second));
        assertThat(rest.events()).isEqualTo(1);
    }

    @Test
    void a_stream_that_is_ahead_of_the_live_ones_waits_for_them() {
        joinLive(A);
        Event first = shard.announce(A, "1").get(0);

        assertThat(channels.rest(stream(TestNode.at(first), A))).isEqualTo(new Rest.Ahead());
    }

    @Test
    void a_stream_that_lacks_more_than_the_feed_has_must_catch_up() {
        Event first = shard.store(A, "1", "2").get(0);
        shard.load(A);

        assertThat(channels.rest(stream(TestNode.at(first), A))).isEqualTo(new Rest.TooMuch());
    }

    @Test
    void a_stream_that_lacks_more_than_one_pull_must_catch_up_if_others_are_further() {
        joinLive(A);
        Event first = shard.announce(A, "1").get(0);
        shard.announce(A, TestNode.numbers(0, 200));
        channels.pull(A, left);
        channels.pull(A, left);

        assertThat(channels.rest(stream(TestNode.at(first), A))).isEqualTo(new Rest.TooMuch());
    }

    @Test
    void more_than_32_kilobytes_are_not_composed_on_the_thread() {
        shard.load(A);
        Event first = shard.announce(A, "1").get(0);
        shard.announce(A, "x".repeat(20_000));
        assertThat(channels.rest(stream(TestNode.at(first), A))).isInstanceOf(Rest.Frames.class);
        shard.announce(A, "x".repeat(20_000));

        assertThat(channels.rest(stream(TestNode.at(first), A))).isEqualTo(new Rest.TooMuch());
    }

    @Test
    void a_stream_does_not_join_live_streams_that_follow_another_generation_of_the_feed() {
        joinLive(A);
        Event event = shard.announce(A, "1").get(0);
        channels.pull(A, left);
        shard.feeds.get(A).reset(LogEnd.open(event.id()));

        assertThat(channels.rest(stream(TestNode.at(event), A))).isEqualTo(new Rest.TooMuch());
    }

    @Test
    void events_that_a_reader_must_not_see_are_not_counted_but_move_it() {
        shard.load(A);
        Event first = shard.announce(A, "1").get(0);
        EventId next = new EventId(first.id().epoch(), 2);
        shard.recent.accept(
                shard.feeds.get(A),
                new EncodedEvent(Event.stored(NewEvent.text("a", "message", "x").skippingUser("ann"), next)));
        Subscription ann = TestEvents.subscription(TestNode.user("ann"), TestNode.at(first), shard.memory, A);
        Rest.Frames rest = (Rest.Frames) channels.rest(ann);

        assertThat(new String(rest.bytes(), UTF_8)).isEqualTo("id: a=" + next + "\nevent: keep-alive\ndata:\n\n");
        assertThat(rest.events()).isZero();
    }

    @Test
    void events_of_types_that_a_stream_does_not_show_only_move_it() {
        shard.load(A);
        Event first = shard.announce(A, "1").get(0);
        Event last = shard.announce(A, "2", "3").get(1);
        Subscription stream = TestEvents.subscription(OTHERS, TestNode.at(first), shard.memory, A);
        Rest.Frames rest = (Rest.Frames) channels.rest(stream);

        assertThat(new String(rest.bytes(), UTF_8)).isEqualTo("id: a=" + last.id() + "\nevent: keep-alive\ndata:\n\n");
        assertThat(rest.position()).isEqualTo(TestNode.at(last));
        assertThat(rest.events()).isZero();
    }

    // ---- unstored channels

    @Test
    void an_unstored_event_of_a_type_that_a_stream_behind_does_not_show_is_neither_sent_nor_lost() {
        Subscription some = TestEvents.subscription(OTHERS, LastEventId.EMPTY, shard.memory, LIVE);
        Subscription all = stream(LastEventId.EMPTY, LIVE);
        for (Subscription stream : List.of(some, all)) {
            channels.expect(stream);
            channels.join(stream);
        }
        channels.pass(at(LIVE), unstored("x"));

        assertThat(sink(all).data()).containsExactly("x");
        assertThat(sink(some).offers()).isZero();
        assertThat(some.lost()).isEmpty();
    }

    @Test
    void an_unstored_event_reaches_live_streams_with_the_batch_and_the_others_at_once() {
        Subscription live = joinLive(A, LIVE);
        Subscription behind = stream(LastEventId.EMPTY, A, LIVE);
        channels.expect(behind);
        channels.join(behind);
        channels.pass(at(LIVE), unstored("x"));
        assertThat(sink(behind).data()).containsExactly("x");
        assertThat(sink(live).data()).isEmpty();
        shard.live.flush();

        assertThat(sink(live).data()).containsExactly("x");
        assertThat(shard.memory.used()).isZero();
    }

    @Test
    void an_unstored_event_that_a_stream_behind_cannot_take_is_lost_to_it() {
        Subscription full = stream(LastEventId.EMPTY, LIVE);
        Subscription other = stream(LastEventId.EMPTY, LIVE);
        Subscription ann = TestEvents.subscription(TestNode.user("ann"), LastEventId.EMPTY, shard.memory, LIVE);
        for (Subscription stream : List.of(full, other, ann)) {
            channels.expect(stream);
            channels.join(stream);
        }
        sink(full).stopReading(0);
        channels.pass(at(LIVE), TestEvents.unstoredHiddenFrom("ann"));

        assertThat(full.lost()).containsExactly(LIVE);
        assertThat(other.lost()).isEmpty();
        assertThat(ann.lost()).isEmpty();
        assertThat(sink(ann).offers()).isZero();
        assertThat(new String(((Rest.Frames) channels.rest(full)).bytes(), UTF_8))
                .contains("stream-reset", "live");
    }

    @Test
    void without_memory_an_unstored_event_is_lost_to_every_stream_that_is_behind() {
        Subscription behind = stream(LastEventId.EMPTY, LIVE);
        channels.expect(behind);
        channels.join(behind);
        shard.memory.reserve(shard.memory.limit());
        channels.pass(at(LIVE), unstored("x"));

        assertThat(behind.lost()).containsExactly(LIVE);
        assertThat(sink(behind).offers()).isZero();
    }

    @Test
    void a_loss_concerns_live_streams_and_those_behind() {
        Subscription live = joinLive(A, LIVE);
        Subscription behind = stream(LastEventId.EMPTY, LIVE);
        channels.expect(behind);
        channels.join(behind);
        channels.lose(at(LIVE));
        shard.live.flush();

        assertThat(behind.lost()).containsExactly(LIVE);
        assertThat(sink(live).received()).contains("stream-reset");
    }

    @Test
    void a_stream_that_goes_live_gets_each_unstored_event_once() {
        Subscription stream = joinLive(A, LIVE);
        channels.pass(at(LIVE), unstored("x"));
        shard.live.flush();
        assertThat(sink(stream).data()).containsExactly("x");
        shard.live.leave(stream);
        channels.fallBehind(stream);
        channels.pass(at(LIVE), unstored("y"));
        assertThat(sink(stream).data()).containsExactly("x", "y");
        channels.leave(stream);

        assertThat(channels.find(LIVE)).isEmpty();
    }
}
