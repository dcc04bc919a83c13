package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.LIVE;
import static dev.eventstream.subscriber.TestEvents.at;
import static dev.eventstream.subscriber.TestEvents.event;
import static dev.eventstream.subscriber.TestEvents.frame;
import static dev.eventstream.subscriber.TestEvents.hiddenFrom;
import static dev.eventstream.subscriber.TestEvents.sink;
import static dev.eventstream.subscriber.TestEvents.subscription;
import static dev.eventstream.subscriber.TestEvents.unstored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.stream.TypeFilter;
import dev.eventstream.subscriber.Cohort.Cause;
import dev.eventstream.subscriber.Cohort.Left;
import dev.eventstream.subscriber.Subscription.State;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CohortTest {
    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private final Batch batch = new Batch(memory);
    private final Cohort cohort = new Cohort(new Shape(List.of(A, LIVE), TypeFilter.ALL), memory, at(1), 0);

    private Subscription join() {
        return join(Reader.anonymous());
    }

    private Subscription join(Reader reader) {
        Subscription subscription = subscription(reader, at(1), memory, A, LIVE);
        cohort.join(subscription);
        return subscription;
    }

    private Cohort.Flushed flush() {
        Cohort.Flushed flushed = cohort.flush(batch);
        batch.clear();
        return flushed;
    }

    @Test
    void all_streams_share_one_buffer_that_counts_once() {
        List<Subscription> streams =
                IntStream.range(0, 10).mapToObj(i -> join()).toList();
        streams.forEach(stream -> sink(stream).stopReading(1));
        batch.add(A, event(2));
        batch.add(A, event(A, 3, "x".repeat(10_000)));
        Cohort.Flushed flushed = flush();

        assertThat(flushed.left()).isEmpty();
        assertThat(flushed.delivered()).isEqualTo(20);
        assertThat(memory.used()).isBetween(10_000L, 12_000L);
        streams.forEach(stream -> sink(stream).read());
        assertThat(streams).allSatisfy(stream -> {
            assertThat(sink(stream).offers()).isEqualTo(1);
            assertThat(sink(stream).received()).startsWith(frame(2) + "id: a=e-3\n");
            assertThat(stream.state()).isEqualTo(State.LIVE);
        });
        assertThat(memory.used()).isZero();
    }

    @Test
    void each_item_is_handed_out_once() {
        Subscription stream = join();
        batch.add(A, event(2));
        cohort.flush(batch);
        batch.add(A, event(3));
        cohort.flush(batch);
        batch.clear();
        batch.add(A, event(4));
        flush();

        assertThat(sink(stream).received()).isEqualTo(frame(2) + frame(3) + frame(4));
    }

    @Test
    void a_cohort_hands_out_only_what_comes_after_its_beginning() {
        batch.add(A, event(2));
        Cohort later = new Cohort(new Shape(List.of(A), TypeFilter.ALL), memory, at(2), batch.lastNumber());
        Subscription stream = subscription(Reader.anonymous(), at(2), memory, A);
        later.join(stream);
        batch.add(A, event(3));
        later.flush(batch);

        assertThat(sink(stream).received()).isEqualTo(frame(3));
    }

    @Test
    void a_long_batch_leaves_in_chunks_of_32_kilobytes() {
        Subscription stream = join();
        for (int i = 2; i <= 13; i++) {
            batch.add(A, event(A, i, "x".repeat(10_000)));
        }
        Cohort.Flushed flushed = flush();

        assertThat(flushed.delivered()).isEqualTo(12);
        assertThat(sink(stream).offers()).isEqualTo(3);
        assertThat(sink(stream).data()).hasSize(12);
    }

    @Test
    void a_stream_that_refuses_a_chunk_leaves_at_the_position_before_it_and_the_others_get_everything() {
        Subscription slow = join();
        Subscription fast = join();
        sink(slow).stopReading(1);
        for (int i = 2; i <= 5; i++) {
            batch.add(A, event(A, i, "x".repeat(20_000)));
        }
        batch.add(LIVE, unstored("live"));
        Cohort.Flushed flushed = flush();

        assertThat(flushed.left()).containsExactly(new Left(slow, Cause.FULL));
        assertThat(slow.position()).isEqualTo(at(3));
        assertThat(slow.state()).isEqualTo(State.WAITING);
        assertThat(slow.lost()).containsExactly(LIVE);
        assertThat(fast.lost()).isEmpty();
        assertThat(sink(fast).data()).hasSize(5);
        assertThat(flushed.delivered()).isEqualTo(2 * 2 + 2 + 1);
    }

    @Test
    void all_streams_leave_if_there_is_no_memory_and_remember_what_they_lost() {
        Subscription one = join();
        Subscription two = join();
        batch.add(A, event(2));
        batch.add(LIVE, unstored("live"));
        memory.reserve(memory.limit());
        Cohort.Flushed flushed = flush();

        assertThat(flushed.left())
                .containsExactlyInAnyOrder(new Left(one, Cause.NO_MEMORY), new Left(two, Cause.NO_MEMORY));
        assertThat(flushed.delivered()).isZero();
        assertThat(List.of(one, two)).allSatisfy(stream -> {
            assertThat(stream.position()).isEqualTo(at(1));
            assertThat(stream.lost()).containsExactly(LIVE);
            assertThat(sink(stream).offers()).isZero();
        });
        assertThat(cohort.isEmpty()).isTrue();
        assertThat(memory.used()).isEqualTo(memory.limit());
    }

    @Test
    void a_reader_who_must_not_see_an_event_only_moves_past_it() {
        Subscription ann = join(TestNode.user("ann"));
        Subscription alsoAnn = join(TestNode.user("ann"));
        Subscription bob = join(TestNode.user("bob"));
        Subscription anonymous = join();
        batch.add(A, event(2));
        batch.add(A, hiddenFrom("ann", 3));
        batch.add(A, event(4));
        flush();

        String forAnn = frame(2) + "id: a=e-3\nevent: keep-alive\ndata:\n\n" + frame(4);
        assertThat(sink(ann).received()).isEqualTo(forAnn);
        assertThat(sink(alsoAnn).received()).isEqualTo(forAnn);
        assertThat(sink(bob).received()).isEqualTo(frame(2) + frame(3) + frame(4));
        assertThat(sink(anonymous).received()).isEqualTo(frame(2) + frame(3) + frame(4));
        assertThat(memory.used()).isZero();
    }

    @Test
    void an_unstored_event_that_its_reader_must_not_see_leaves_no_trace() {
        Subscription ann = join(TestNode.user("ann"));
        Subscription bob = join(TestNode.user("bob"));
        batch.add(LIVE, TestEvents.unstoredHiddenFrom("ann"));
        flush();

        assertThat(sink(ann).offers()).isZero();
        assertThat(sink(bob).data()).hasSize(1);
    }

    @Test
    void the_loss_of_unstored_events_is_a_reset_at_the_position_of_the_stream() {
        Subscription stream = join();
        batch.add(A, event(2));
        batch.addLoss(LIVE);
        flush();

        assertThat(sink(stream).received())
                .isEqualTo(frame(2) + "id: a=e-2\nevent: stream-reset\ndata: {\"channels\":[\"live\"]}\n\n");
    }

    @Test
    void a_sink_that_throws_costs_only_its_own_stream() {
        Subscription broken = join();
        Subscription other = join();
        sink(broken).throwOnOffer(new OutOfMemoryError("test"));
        batch.add(A, event(2));
        Cohort.Flushed flushed = flush();

        assertThat(flushed.left()).containsExactly(new Left(broken, Cause.FAILED));
        assertThat(sink(other).data()).containsExactly("2");
        assertThat(memory.used()).isZero();
    }

    @Test
    void streams_can_leave_in_any_order_and_keep_the_position_they_have_reached() {
        List<Subscription> streams = IntStream.range(0, 4).mapToObj(i -> join()).toList();
        cohort.leave(streams.get(1));
        batch.add(A, event(2));
        flush();
        cohort.leave(streams.get(3));
        cohort.leave(streams.get(0));
        batch.add(A, event(3));
        flush();

        assertThat(streams.get(1).position()).isEqualTo(at(1));
        assertThat(streams.get(0).position()).isEqualTo(at(2));
        assertThat(sink(streams.get(1)).data()).isEmpty();
        assertThat(sink(streams.get(0)).data()).containsExactly("2");
        assertThat(sink(streams.get(3)).data()).containsExactly("2");
        assertThat(sink(streams.get(2)).data()).containsExactly("2", "3");
        cohort.leave(streams.get(2));
        assertThat(cohort.isEmpty()).isTrue();
    }

    @Test
    void a_cohort_without_streams_composes_nothing() {
        batch.add(A, event(2));
        Cohort.Flushed flushed = flush();

        assertThat(flushed.delivered()).isZero();
        assertThat(cohort.isEmpty()).isTrue();
        assertThat(cohort.channels()).extracting(ChannelName::value).containsExactly("a", "live");
    }
}
