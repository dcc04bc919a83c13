package dev.eventstream.subscriber;

import static dev.eventstream.subscriber.TestEvents.A;
import static dev.eventstream.subscriber.TestEvents.B;
import static dev.eventstream.subscriber.TestEvents.LIVE;
import static dev.eventstream.subscriber.TestEvents.event;
import static dev.eventstream.subscriber.TestEvents.unstored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private final Batch batch = new Batch(memory);

    @Test
    void items_of_several_channels_come_in_the_order_in_which_they_were_added() {
        batch.add(A, event(1));
        batch.add(B, event(B, 1, "b"));
        batch.addLoss(LIVE);
        batch.add(A, event(2));
        batch.add(LIVE, unstored("x"));

        assertThat(numbers(0, List.of(A, B, LIVE))).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(numbers(0, List.of(A))).containsExactly(1L, 4L);
        assertThat(numbers(0, List.of(B, LIVE))).containsExactly(2L, 3L, 5L);
        assertThat(batch.channels()).containsExactlyInAnyOrder(A, B, LIVE);
        assertThat(batch.lastNumber()).isEqualTo(5);
    }

    @Test
    void items_up_to_a_number_are_left_out() {
        batch.add(A, event(1));
        batch.add(B, event(B, 1, "b"));
        batch.add(A, event(2));

        assertThat(numbers(1, List.of(A, B))).containsExactly(2L, 3L);
        assertThat(numbers(1, List.of(A))).containsExactly(3L);
        assertThat(numbers(3, List.of(A, B))).isEmpty();
        assertThat(numbers(0, List.of(LIVE))).isEmpty();
    }

    @Test
    void only_events_with_an_id_count_as_stored() {
        batch.add(A, event(1));
        batch.add(LIVE, unstored("x"));
        batch.addLoss(LIVE);

        assertThat(batch.after(0, List.of(A, LIVE)))
                .extracting(Batch.Item::isStored)
                .containsExactly(true, false, false);
    }

    @Test
    void only_stored_events_that_this_node_has_sent_count_as_sent() {
        batch.add(A, event(1));
        batch.add(A, new EncodedEvent(Event.stored(NewEvent.text("a", "message", "x"), EventId.parse("e-2")), 7));
        batch.add(LIVE, new EncodedEvent(Event.unstored(NewEvent.text("live", "message", "x")), 7));
        batch.addLoss(LIVE);
        List<EventId> sent = new ArrayList<>();
        batch.eachSent((channel, event) -> sent.add(event.id()));

        assertThat(sent).containsExactly(EventId.parse("e-2"));
    }

    @Test
    void a_batch_of_256_kilobytes_is_full_whatever_its_channels() {
        String half = "x".repeat(128 << 10);
        batch.add(A, event(A, 1, half));
        assertThat(batch.isFull()).isFalse();
        batch.add(B, event(B, 1, half));

        assertThat(batch.isFull()).isTrue();
    }

    @Test
    void a_batch_of_exactly_256_kilobytes_is_full() {
        int overhead = event(A, 1, "").footprint();
        batch.add(A, event(A, 1, "x".repeat((256 << 10) - overhead - 1)));
        assertThat(batch.isFull()).isFalse();
        batch.clear();
        batch.add(A, event(A, 1, "x".repeat((256 << 10) - overhead)));

        assertThat(batch.isFull()).isTrue();
    }

    @Test
    void a_batch_counts_as_memory_until_it_is_cleared_and_numbers_go_on_after_that() {
        batch.add(A, event(1));
        batch.addLoss(LIVE);
        assertThat(memory.used()).isEqualTo(event(1).footprint() + MemoryBudget.EVENT_OVERHEAD);
        batch.clear();

        assertThat(memory.used()).isZero();
        assertThat(batch.isFull()).isFalse();
        assertThat(batch.channels()).isEmpty();
        assertThat(batch.lastNumber()).isEqualTo(2);
        batch.add(A, event(2));
        assertThat(numbers(2, List.of(A))).containsExactly(3L);
        batch.clear();
        assertThat(memory.used()).isZero();
    }

    private List<Long> numbers(long after, List<ChannelName> channels) {
        return batch.after(after, channels).stream().map(Batch.Item::number).toList();
    }
}
