package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.LIVE;
import static dev.eventstream.subscriber.TestEvents.MESSAGES;
import static dev.eventstream.subscriber.TestEvents.at;
import static dev.eventstream.subscriber.TestEvents.event;
import static dev.eventstream.subscriber.TestEvents.frame;
import static dev.eventstream.subscriber.TestEvents.otherType;
import static dev.eventstream.subscriber.TestEvents.sink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.subscriber.Cohort.Cause;
import dev.eventstream.subscriber.Cohort.Left;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cohort that shows only events of type {@code message}. */
class CohortOfTypesTest {
    private static final String KEEP_ALIVE = "event: keep-alive\ndata:\n\n";

    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private final Batch batch = new Batch(memory);
    private final Cohort cohort = new Cohort(new Shape(List.of(A, LIVE), MESSAGES.types()), memory, at(1), 0);

    private Subscription join() {
        Subscription subscription = TestEvents.subscription(MESSAGES, at(1), memory, A, LIVE);
        cohort.join(subscription);
        return subscription;
    }

    private Cohort.Flushed flush() {
        Cohort.Flushed flushed = cohort.flush(batch);
        batch.clear();
        return flushed;
    }

    @Test
    void events_of_other_types_cost_no_bytes_and_the_next_event_has_their_position() {
        Subscription stream = join();
        batch.add(A, otherType(2));
        batch.add(LIVE, new EncodedEvent(Event.unstored(NewEvent.text("live", "other", "x"))));
        assertThat(flush().delivered()).isZero();
        assertThat(sink(stream).offers()).isZero();
        batch.add(A, otherType(3));
        batch.add(A, event(4));
        batch.add(A, otherType(5));
        assertThat(flush().delivered()).isEqualTo(1);

        assertThat(sink(stream).received()).isEqualTo(frame(4));
        cohort.leave(stream);
        assertThat(stream.position()).isEqualTo(at(5));
        assertThat(stream.isAhead()).isTrue();
        assertThat(memory.used()).isZero();
    }

    @Test
    void streams_are_told_a_position_that_they_reached_without_an_event_once() {
        Subscription one = join();
        Subscription two = join();
        assertThat(cohort.tellPosition()).isEmpty();
        batch.add(A, otherType(2));
        batch.add(A, otherType(3));
        flush();
        assertThat(cohort.tellPosition()).isEmpty();
        assertThat(cohort.tellPosition()).isEmpty();
        batch.add(A, event(4));
        flush();
        assertThat(cohort.tellPosition()).isEmpty();

        assertThat(List.of(one, two))
                .allSatisfy(
                        stream -> assertThat(sink(stream).received()).isEqualTo("id: a=e-3\n" + KEEP_ALIVE + frame(4)));
        assertThat(memory.used()).isZero();
        cohort.leave(one);
        assertThat(one.isAhead()).isFalse();
    }

    @Test
    void a_stream_that_cannot_be_told_its_position_leaves() {
        Subscription slow = join();
        Subscription fast = join();
        sink(slow).stopReading(0);
        batch.add(A, otherType(2));
        flush();

        assertThat(cohort.tellPosition()).containsExactly(new Left(slow, Cause.FULL));
        assertThat(slow.position()).isEqualTo(at(2));
        assertThat(slow.isAhead()).isTrue();
        assertThat(sink(fast).received()).isEqualTo("id: a=e-2\n" + KEEP_ALIVE);
    }

    @Test
    void without_memory_streams_are_told_their_position_later() {
        Subscription stream = join();
        batch.add(A, otherType(2));
        flush();
        memory.reserve(memory.limit());
        assertThat(cohort.tellPosition()).isEmpty();
        assertThat(sink(stream).offers()).isZero();
        memory.release(memory.limit());
        assertThat(cohort.tellPosition()).isEmpty();

        assertThat(sink(stream).received()).startsWith("id: a=e-2\n" + KEEP_ALIVE);
    }

    @Test
    void a_loss_is_shown_and_tells_the_position() {
        Subscription stream = join();
        batch.add(A, otherType(2));
        batch.addLoss(LIVE);
        flush();

        assertThat(sink(stream).received())
                .isEqualTo("id: a=e-2\nevent: stream-reset\ndata: {\"channels\":[\"live\"]}\n\n");
        assertThat(cohort.tellPosition()).isEmpty();
        assertThat(sink(stream).offers()).isEqualTo(1);
    }
}
