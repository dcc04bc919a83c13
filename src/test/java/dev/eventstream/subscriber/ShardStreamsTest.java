package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.B;
import static dev.eventstream.subscriber.TestEvents.sink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.channel.Reader;
import dev.eventstream.event.Event;
import dev.eventstream.event.LastEventId;
import dev.eventstream.subscriber.Subscription.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The streams of a shard all of whose wake-ups are lost: the tick must find every report. */
class ShardStreamsTest {
    private final TestShard shard = new TestShard(1);
    private final ShardStreams streams = shard.streams;

    private Subscription joinLive() {
        shard.load(A);
        Subscription stream = shard.join(LastEventId.EMPTY, A);
        assertThat(stream.state()).isEqualTo(State.LIVE);
        return stream;
    }

    /** A stream that missed an event which only the log has. */
    private Subscription joinBehind() {
        List<Event> events = shard.store(A, "old", "missed");
        Subscription stream = shard.join(TestNode.at(events.get(0)), A);
        assertThat(stream.state()).isEqualTo(State.WAITING);
        return stream;
    }

    @Test
    void a_stream_whose_drain_was_not_noticed_goes_live_again_at_the_next_tick() {
        Subscription slow = joinLive();
        sink(slow).stopReading(1);
        shard.send(A, "1");
        shard.send(A, "2");
        assertThat(slow.state()).isEqualTo(State.DRAINING);
        sink(slow).read();
        streams.tick();

        assertThat(slow.state()).isEqualTo(State.LIVE);
        assertThat(sink(slow).data()).containsExactly("1", "2");
    }

    @Test
    void a_stream_that_drains_stays_so_until_its_client_reads() {
        Subscription slow = joinLive();
        sink(slow).stopReading(1);
        shard.send(A, "1");
        shard.send(A, "2");
        streams.tick();
        streams.attend(slow);

        assertThat(slow.state()).isEqualTo(State.DRAINING);
    }

    @Test
    void a_catch_up_whose_end_was_not_noticed_is_followed_by_live_events() {
        Subscription stream = joinBehind();
        streams.flush();
        assertThat(stream.state()).isEqualTo(State.CATCHING_UP);
        shard.executor.runAll();
        assertThat(shard.woken).containsExactly(stream);
        streams.tick();
        assertThat(stream.state()).isEqualTo(State.LIVE);
        shard.send(A, "live");

        assertThat(sink(stream).data()).containsExactly("missed", "live");
    }

    @Test
    void a_stream_whose_end_was_not_noticed_leaves_at_the_next_tick() {
        Subscription stream = joinLive();
        sink(stream).disconnect();
        streams.tick();

        assertThat(stream.state()).isEqualTo(State.ENDED);
        assertThat(shard.live.read(A)).isFalse();
        assertThat(shard.channels.find(A)).isEmpty();
        streams.tick();
        assertThat(sink(stream).maintained()).isEqualTo(1);
    }

    @Test
    void a_stream_that_ends_while_it_catches_up_leaves_once_and_its_turn_ends_with_its_task() {
        Subscription gone = joinBehind();
        Subscription next = shard.join(gone.position(), A);
        streams.flush();
        sink(gone).disconnect();
        streams.tick();
        assertThat(gone.state()).isEqualTo(State.ENDED);
        streams.flush();
        assertThat(next.state()).isEqualTo(State.WAITING);

        shard.executor.runAll();
        streams.tick();
        streams.flush();
        assertThat(next.state()).isEqualTo(State.CATCHING_UP);
        assertThat(shard.channels.find(A)).isPresent();
        shard.executor.runAll();
        streams.tick();
        assertThat(sink(next).data()).containsExactly("missed");
        assertThat(sink(gone).data()).isEmpty();
        sink(next).disconnect();
        streams.tick();
        assertThat(shard.channels.find(A)).isEmpty();
    }

    @Test
    void a_waiting_stream_that_ends_does_not_catch_up() {
        Subscription stream = joinBehind();
        sink(stream).disconnect();
        streams.attend(stream);
        streams.flush();

        assertThat(shard.executor.waiting()).isZero();
    }

    @Test
    void a_stream_that_is_ahead_of_its_feed_goes_live_once_the_feed_follows() {
        Event first = shard.store(A, "1").get(0);
        shard.load(A);
        Subscription other = shard.join(TestNode.at(first), A);
        Event second = shard.store(A, "2").get(0);
        Subscription ahead = shard.join(TestNode.at(second), A);
        streams.flush();
        shard.executor.runNext(); // the catch-up finds nothing newer
        streams.tick();
        assertThat(ahead.state()).isEqualTo(State.WAITING);
        for (int i = 0; i < 3; i++) {
            shard.executor.runAll(); // the feed reads the log
            streams.tick();
            streams.flush();
        }

        assertThat(ahead.state()).isEqualTo(State.LIVE);
        assertThat(sink(other).data()).containsExactly("2");
        assertThat(sink(ahead).data()).isEmpty();
    }

    /** A stream that has read more of the log than the live streams have got yet. */
    private Subscription joinAhead() {
        List<Event> events = shard.announce(A, TestNode.numbers(0, 300));
        Subscription ahead = shard.join(TestNode.at(events.get(298)), A);
        assertThat(ahead.state()).isEqualTo(State.WAITING);
        return ahead;
    }

    @Test
    void a_stream_that_is_ahead_of_the_live_streams_joins_them_once_they_follow() {
        Subscription other = joinLive();
        Subscription ahead = joinAhead();
        streams.flush();
        assertThat(shard.executor.waiting()).isZero();
        assertThat(streams.pull(A)).isTrue();
        streams.retryAhead();
        assertThat(ahead.state()).isEqualTo(State.LIVE);
        streams.flush();

        assertThat(sink(ahead).data()).containsExactly("299");
        assertThat(sink(other).data()).containsExactly(TestNode.numbers(0, 300));
    }

    @Test
    void a_stream_that_is_ahead_and_ends_is_forgotten() {
        joinLive();
        Subscription ahead = joinAhead();
        sink(ahead).disconnect();
        streams.attend(ahead);
        streams.retryAhead();

        assertThat(ahead.state()).isEqualTo(State.ENDED);
    }

    @Test
    void every_sink_is_maintained_at_each_tick() {
        Subscription live = joinLive();
        Subscription other = shard.join(LastEventId.EMPTY, A, B);
        streams.tick();
        streams.tick();

        assertThat(sink(live).maintained()).isEqualTo(2);
        assertThat(sink(other).maintained()).isEqualTo(2);
    }

    @Test
    void the_slowest_streams_end_at_a_tick_if_memory_is_short() {
        Subscription slow = joinLive();
        sink(slow).stopReading(1);
        shard.send(A, "1");
        sink(slow).waits(Duration.ofSeconds(2).toNanos());
        streams.tick();
        assertThat(sink(slow).closed()).isNull();
        shard.memory.reserve(shard.memory.limit());
        streams.tick();

        assertThat(sink(slow).closed()).isEqualTo(CloseReason.OVERLOADED);
    }

    @Test
    void streams_are_found_by_user_and_channel() {
        shard.load(A, B);
        Subscription ann = shard.join(TestNode.user("ann"), LastEventId.EMPTY, A, B);
        Subscription other = shard.join(TestNode.user("ann"), LastEventId.EMPTY, B);
        shard.join(TestNode.user("bob"), LastEventId.EMPTY, A);
        joinLive();

        assertThat(streams.joined().of("ann", A)).containsExactly(ann);
        assertThat(streams.joined().of("ann")).containsExactly(ann, other);
        assertThat(streams.joined().of("eve", A)).isEmpty();

        sink(ann).disconnect();
        streams.attend(ann);
        assertThat(streams.joined().of("ann")).containsExactly(other);
        assertThat(streams.joined().of("ann", A)).isEmpty();
        assertThat(streams.joined().all()).hasSize(3);
    }

    @Test
    void a_stream_whose_rest_finds_no_memory_waits_for_the_next_retry() {
        shard.load(A);
        Event first = shard.announce(A, "1").get(0);
        shard.announce(A, "2");
        shard.memory.reserve(shard.memory.limit());
        Subscription stream = shard.join(TestNode.at(first), A);
        assertThat(stream.state()).isEqualTo(State.WAITING);
        shard.memory.release(shard.memory.limit());
        streams.tick();
        streams.flush();
        assertThat(stream.state()).isEqualTo(State.WAITING);
        streams.retryDelayed();
        streams.flush();

        assertThat(stream.state()).isEqualTo(State.CATCHING_UP);
    }

    @Test
    void a_stream_whose_rest_is_refused_drains_first() {
        shard.load(A);
        Event first = shard.announce(A, "1").get(0);
        shard.announce(A, "2");
        Subscription stream = TestEvents.subscription(Reader.anonymous(), TestNode.at(first), shard.memory, A);
        sink(stream).stopReading(0);
        shard.channels.expect(stream);
        streams.attend(stream);
        assertThat(stream.state()).isEqualTo(State.DRAINING);
        sink(stream).read();
        streams.tick();

        assertThat(stream.state()).isEqualTo(State.LIVE);
        assertThat(sink(stream).data()).containsExactly("2");
    }

    @Test
    void a_stream_whose_sink_throws_ends_and_the_failure_is_reported() {
        shard.load(A);
        Event first = shard.announce(A, "1").get(0);
        shard.announce(A, "2");
        Subscription stream = TestEvents.subscription(Reader.anonymous(), TestNode.at(first), shard.memory, A);
        sink(stream).throwOnOffer(new OutOfMemoryError("test"));
        shard.channels.expect(stream);

        assertThatThrownBy(() -> streams.attend(stream)).isInstanceOf(OutOfMemoryError.class);
        assertThat(sink(stream).closed()).isEqualTo(CloseReason.FAILED);
    }
}
