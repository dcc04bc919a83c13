package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.event;
import static dev.eventstream.subscriber.TestEvents.events;
import static dev.eventstream.subscriber.TestEvents.sequences;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TailTest {
    private final Tail tail = new Tail();

    @Test
    void events_are_found_by_the_sequence_before_them() {
        events(5, 9).forEach(tail::add);

        assertThat(tail.first()).isEqualTo(5);
        assertThat(sequences(tail.after(4, 10))).containsExactly(5L, 6L, 7L, 8L, 9L);
        assertThat(sequences(tail.after(6, 2))).containsExactly(7L, 8L);
        assertThat(tail.after(9, 10)).isEmpty();
    }

    @Test
    void a_tail_that_drops_its_last_event_can_begin_anywhere() {
        events(1, 3).forEach(tail::add);
        tail.dropUpTo(2);
        assertThat(tail.isEmpty()).isFalse();
        assertThat(tail.first()).isEqualTo(3);
        tail.dropUpTo(10);
        assertThat(tail.isEmpty()).isTrue();
        tail.dropUpTo(11);
        tail.add(event(7));

        assertThat(tail.first()).isEqualTo(7);
        assertThat(sequences(tail.after(6, 10))).containsExactly(7L);
        tail.clear();
        assertThat(tail.isEmpty()).isTrue();
    }

    @Test
    void whatever_is_added_and_dropped_the_rest_stays_in_order() {
        Random random = new Random(4711);
        long first = 1;
        long next = 1;
        for (int i = 0; i < 10_000; i++) {
            if (random.nextInt(3) > 0) {
                tail.add(event(next++));
            } else if (first < next) {
                first += random.nextInt((int) (next - first)) + 1L;
                tail.dropUpTo(first - 1);
            }
            assertThat(tail.isEmpty()).isEqualTo(first == next);
            if (first < next) {
                List<Long> expected = LongStream.range(first, next).boxed().toList();
                assertThat(sequences(tail.after(first - 1, 100_000))).isEqualTo(expected);
            }
        }
    }

    @Test
    void a_dropped_event_is_let_go_of_at_once() {
        EncodedEvent dropped = event(1);
        WeakReference<EncodedEvent> reference = new WeakReference<>(dropped);
        tail.add(dropped);
        events(2, 10).forEach(tail::add);
        tail.dropUpTo(1);
        dropped = event(11);
        tail.add(dropped);

        for (int i = 0; i < 50 && reference.get() != null; i++) {
            System.gc();
        }
        assertThat(reference.get()).isNull();
    }
}
