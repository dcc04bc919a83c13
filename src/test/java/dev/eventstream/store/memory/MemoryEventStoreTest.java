package dev.eventstream.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventPage.PositionUnavailable;
import dev.eventstream.store.EventPage.Range;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StoreTransaction;
import dev.eventstream.store.testing.EventStoreContract;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryEventStoreTest extends EventStoreContract {
    private static final ChannelName A = new ChannelName("a");
    private static final PageLimit ALL = new PageLimit(Integer.MAX_VALUE, Integer.MAX_VALUE);

    private final MemoryEventStore store = new MemoryEventStore(clock);

    @Override
    protected EventStore store() {
        return store;
    }

    @Override
    protected void inTransaction(Consumer<StoreTransaction> work) {
        try (MemoryTransaction transaction = store.begin()) {
            work.accept(transaction);
            transaction.commit();
        }
    }

    // --- the last events of each channel

    @Test
    void the_newest_events_are_kept_and_earlier_positions_are_unavailable() {
        MemoryEventStore three = MemoryEventStore.keepingLast(3, clock);
        List<Event> sent = three.append(IntStream.rangeClosed(1, 5)
                        .mapToObj(i -> event("a", "data " + i))
                        .toList())
                .events();
        three.append(List.of(event("b", "of another channel")));

        PositionUnavailable lost = new PositionUnavailable(sent.get(4).id());
        assertThat(three.readAfter(A, EventId.NONE, ALL)).isEqualTo(lost);
        assertThat(three.readAfter(A, sent.get(0).id(), ALL)).isEqualTo(lost);
        assertThat(three.readAfter(A, sent.get(1).id(), ALL)).isEqualTo(new Range(sent.subList(2, 5), false));
    }

    @Test
    void every_position_is_available_while_all_events_are_kept() {
        MemoryEventStore three = MemoryEventStore.keepingLast(3, clock);
        List<Event> sent = three.append(List.of(event("a", "1"), event("a", "2"), event("a", "3")))
                .events();

        assertThat(three.readAfter(A, EventId.NONE, ALL)).isEqualTo(new Range(sent, false));
    }

    @Test
    void a_key_is_free_once_its_event_is_no_longer_kept() {
        MemoryEventStore one = MemoryEventStore.keepingLast(1, clock);
        NewEvent keyed = event("a", "keyed").withIdempotencyKey("k");
        one.append(List.of(keyed));
        assertThat(one.append(List.of(keyed)).added()).isEmpty();

        one.append(List.of(event("a", "next")));

        assertThat(one.append(List.of(keyed)).added()).hasSize(1);
    }

    @Test
    void keeping_no_events_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryEventStore.keepingLast(0, clock))
                .withMessage("the last 0 events are to be kept; allowed is 1 or more");
    }

    // --- transactions

    @Test
    void other_writers_of_a_channel_wait_for_the_transaction_and_those_of_others_do_not() {
        try (MemoryTransaction transaction = store.begin()) {
            Event ours =
                    store.append(transaction, List.of(event("a", "1"))).events().get(0);
            CompletableFuture<Event> theirs = CompletableFuture.supplyAsync(() -> append("a", "2"));
            assertThat(append("b", "3").id().sequence()).isEqualTo(1);
            assertThat(theirs).isNotDone();
            transaction.commit();
            assertThat(theirs)
                    .succeedsWithin(Duration.ofSeconds(5))
                    .extracting(Event::previous)
                    .isEqualTo(ours.id());
        }
    }

    @Test
    void a_sender_that_is_interrupted_while_waiting_stores_nothing() {
        try (MemoryTransaction transaction = store.begin()) {
            store.append(transaction, List.of(event("a", "1")));
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(EventStoreException.class)
                    .isThrownBy(() -> append("a", "2"))
                    .withMessage("interrupted while waiting for channel \"a\"");
            assertThat(Thread.interrupted()).isTrue();
            transaction.commit();
        }
        assertThat(read("a")).hasSize(1);
    }

    @Test
    void a_transaction_of_another_store_is_refused() {
        try (MemoryTransaction foreign = new MemoryEventStore(clock).begin()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.append(foreign, List.of(event("a", "1"))))
                    .withMessageContaining("MemoryTransaction that it has not begun itself");
        }
    }

    @Test
    void another_store_has_other_epochs() {
        Event here = append("a", "1");
        MemoryEventStore another = new MemoryEventStore(clock);
        Event there = another.append(List.of(event("a", "1"))).events().get(0);

        assertThat(there.id().epoch()).isNotEqualTo(here.id().epoch());
        assertThat(another.readAfter(A, here.id(), ALL)).isEqualTo(new PositionUnavailable(there.id()));
    }
}
