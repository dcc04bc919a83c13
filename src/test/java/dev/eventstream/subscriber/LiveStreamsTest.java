package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.B;
import static dev.eventstream.subscriber.TestEvents.LIVE;
import static dev.eventstream.subscriber.TestEvents.at;
import static dev.eventstream.subscriber.TestEvents.event;
import static dev.eventstream.subscriber.TestEvents.frame;
import static dev.eventstream.subscriber.TestEvents.hiddenFrom;
import static dev.eventstream.subscriber.TestEvents.sink;
import static dev.eventstream.subscriber.TestEvents.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.LastEventId;
import dev.eventstream.publisher.EventTracing;
import dev.eventstream.subscriber.Cohort.Cause;
import dev.eventstream.subscriber.Cohort.Left;
import java.security.Principal;
import org.junit.jupiter.api.Test;

class LiveStreamsTest {
    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private final MetricRegistry metrics = new MetricRegistry();
    private final LiveStreams live =
            new LiveStreams(memory, new StreamMetrics(metrics, Ticker.systemTicker()), EventTracing.OFF);

    private Subscription enter(LastEventId position, ChannelName... channels) {
        Subscription subscription = subscription(Reader.anonymous(), position, memory, channels);
        assertThat(live.enter(subscription)).isEmpty();
        return subscription;
    }

    @Test
    void what_nobody_reads_is_not_gathered() {
        live.gather(A, event(1));
        live.gatherLoss(LIVE);

        assertThat(live.read(A)).isFalse();
        assertThat(memory.used()).isZero();
    }

    @Test
    void each_stream_gets_the_events_of_its_own_channels() {
        Subscription a = enter(LastEventId.EMPTY, A);
        Subscription both = enter(LastEventId.EMPTY, A, B);
        Subscription b = enter(LastEventId.EMPTY, B);
        live.gather(A, event(1));
        live.gather(B, event(B, 1, "b"));
        assertThat(live.flush()).isEmpty();

        assertThat(sink(a).data()).containsExactly("1");
        assertThat(sink(both).data()).containsExactly("1", "b");
        assertThat(sink(b).data()).containsExactly("b");
        assertThat(metrics.meter("eventstream.events.delivered").getCount()).isEqualTo(4);
        assertThat(live.flush()).isEmpty();
        assertThat(sink(both).offers()).isEqualTo(1);
    }

    @Test
    void a_loss_is_handed_out_like_an_event() {
        Subscription stream = enter(at(1), A, LIVE);
        live.gatherLoss(LIVE);
        live.flush();

        assertThat(sink(stream).received()).contains("event: stream-reset\ndata: {\"channels\":[\"live\"]}\n\n");
    }

    @Test
    void a_stream_that_enters_gets_nothing_of_what_had_gathered_before() {
        Subscription first = enter(at(1), A);
        live.gather(A, event(2));
        Subscription second = enter(at(2), A);
        assertThat(sink(first).data()).containsExactly("2");
        live.gather(A, event(3));
        live.flush();

        assertThat(sink(first).received()).isEqualTo(frame(2) + frame(3));
        assertThat(sink(second).received()).isEqualTo(frame(3));
    }

    @Test
    void a_stream_that_cannot_keep_up_when_another_enters_is_returned() {
        Subscription slow = enter(at(1), A);
        sink(slow).stopReading(0);
        live.gather(A, event(2));

        assertThat(live.enter(subscription(Reader.anonymous(), at(2), memory, A)))
                .containsExactly(new Left(slow, Cause.FULL));
    }

    @Test
    void a_channel_is_read_until_its_last_live_stream_leaves() {
        Subscription first = enter(at(1), A, B);
        Subscription second = enter(at(1), A);
        live.leave(first);
        assertThat(live.read(A)).isTrue();
        assertThat(live.read(B)).isFalse();
        live.leave(second);
        assertThat(live.read(A)).isFalse();
        live.leave(second);
        live.gather(A, event(2));
        live.flush();

        assertThat(sink(first).offers()).isZero();
        assertThat(sink(second).offers()).isZero();
    }

    @Test
    void streams_of_a_dissolved_channel_first_get_what_has_gathered_for_them() {
        Subscription both = enter(at(1), A, B);
        Subscription a = enter(at(1), A);
        Subscription b = enter(LastEventId.EMPTY, B);
        live.gather(A, event(2));

        assertThat(live.dissolve(A, Cause.NO_MEMORY))
                .containsExactlyInAnyOrder(new Left(both, Cause.NO_MEMORY), new Left(a, Cause.NO_MEMORY));
        assertThat(sink(both).data()).containsExactly("2");
        assertThat(a.position()).isEqualTo(at(2));
        assertThat(live.read(A)).isFalse();
        assertThat(live.read(B)).isTrue();
        assertThat(b.state()).isEqualTo(Subscription.State.LIVE);
        assertThat(live.dissolve(A, Cause.NO_MEMORY)).isEmpty();
    }

    @Test
    void a_slow_stream_is_not_returned_twice_when_its_channel_is_dissolved() {
        Subscription slow = enter(at(1), A);
        sink(slow).stopReading(0);
        live.gather(A, event(2));

        assertThat(live.dissolve(A, Cause.NO_MEMORY)).containsExactly(new Left(slow, Cause.FULL));
        assertThat(live.read(A)).isFalse();
    }

    @Test
    void streams_whose_hand_out_fails_leave_and_the_other_cohorts_get_their_events() {
        Principal broken = () -> {
            throw new IllegalStateException("test");
        };
        Subscription failing = subscription(Reader.of(broken), at(1), memory, A);
        live.enter(failing);
        Subscription other = enter(at(1), A, B);
        live.gather(A, hiddenFrom("ann", 2));

        assertThat(live.flush()).containsExactly(new Left(failing, Cause.FAILED));
        assertThat(sink(other).data()).containsExactly("2");
        assertThat(live.read(A)).isTrue();
        live.leave(other);
        assertThat(live.read(A)).isFalse();
    }

    @Test
    void a_batch_is_full_after_256_kilobytes_and_empty_after_it_was_handed_out() {
        enter(at(1), A);
        live.gather(A, event(A, 2, "x".repeat(256 << 10)));
        assertThat(live.isFull()).isTrue();
        live.flush();

        assertThat(live.isFull()).isFalse();
        assertThat(memory.used()).isZero();
    }
}
