package dev.eventstream.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventPage.Lost;
import dev.eventstream.store.EventPage.Run;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MemoryEventStoreTest {
    private static final ChannelName A = new ChannelName("a");
    private static final ChannelName B = new ChannelName("b");
    private static final PageLimit ALL = new PageLimit(Integer.MAX_VALUE, Integer.MAX_VALUE);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final InstantSource source = now::get;
    private final MemoryEventStore store = new MemoryEventStore(source.withZone(ZoneOffset.UTC));

    @Test
    void ids_count_from_1_in_each_channel() {
        assertThat(store.append(List.of(event("a", "1"), event("b", "2"), event("a", "3")))
                        .events())
                .extracting(event -> event.id().sequence())
                .containsExactly(1L, 1L, 2L);
        assertThat(read(A, EventId.NONE)).extracting(Event::data).containsExactly("1", "3");
    }

    @Test
    void newest_tells_of_every_channel_asked_for() {
        Event last = send("a", "1", "2");
        assertThat(store.newest(List.of(A, B))).isEqualTo(Map.of(A, last.id(), B, EventId.NONE));
    }

    @Test
    void a_page_begins_after_the_place_and_ends_at_the_limit() {
        Event first = send("a", "1");
        send("a", "22", "333", "4");
        assertThat(store.readAfter(A, first.id(), new PageLimit(2, 100))).isEqualTo(run(true, A, 1, 3));
        assertThat(store.readAfter(A, first.id(), new PageLimit(3, 100))).isEqualTo(run(false, A, 1, 4));
        assertThat(store.readAfter(A, first.id(), new PageLimit(9, 1))).isEqualTo(run(true, A, 1, 2));
        assertThat(store.readAfter(A, first.id(), new PageLimit(9, 2))).isEqualTo(run(true, A, 1, 2));
        assertThat(store.readAfter(A, first.id(), new PageLimit(9, 3))).isEqualTo(run(true, A, 1, 3));
        assertThat(store.readAfter(A, first.id(), new PageLimit(9, 6))).isEqualTo(run(false, A, 1, 4));
    }

    @Test
    void nothing_follows_the_newest_and_a_quiet_channel_is_never_lost() {
        Event last = send("a", "1");
        assertThat(store.readAfter(A, last.id(), ALL)).isEqualTo(new Run(List.of(), false));
        assertThat(store.readAfter(B, EventId.NONE, ALL)).isEqualTo(new Run(List.of(), false));
    }

    @Test
    void places_of_no_log_are_lost() {
        Event last = send("a", "1");
        assertThat(store.readAfter(A, new EventId("other", 1), ALL)).isEqualTo(new Lost(last.id()));
        assertThat(store.readAfter(A, new EventId(last.id().epoch(), 2), ALL)).isEqualTo(new Lost(last.id()));
        assertThat(store.readAfter(B, new EventId("other", 1), ALL)).isEqualTo(new Lost(EventId.NONE));
    }

    @Test
    void trimmed_places_are_lost_and_the_last_trimmed_one_is_not() {
        Event first = send("a", "1");
        Event second = send("a", "2");
        now.set(Instant.EPOCH.plusSeconds(1));
        Event third = send("a", "3");
        assertThat(store.trim(now.get(), 10)).isEqualTo(2);
        assertThat(store.readAfter(A, EventId.NONE, ALL)).isEqualTo(new Lost(third.id()));
        assertThat(store.readAfter(A, first.id(), ALL)).isEqualTo(new Lost(third.id()));
        assertThat(store.readAfter(A, second.id(), ALL)).isEqualTo(new Run(List.of(third), false));
        assertThat(store.trim(Instant.MAX, 10)).isEqualTo(1);
        assertThat(store.readAfter(A, third.id(), ALL)).isEqualTo(new Run(List.of(), false));
        assertThat(send("a", "4").previous()).isEqualTo(third.id());
    }

    @Test
    void trim_takes_the_oldest_first_and_no_more_than_a_batch() {
        send("b", "1");
        now.set(Instant.EPOCH.plusSeconds(1));
        send("a", "2", "3");
        assertThat(store.trim(Instant.MAX, 2)).isEqualTo(2);
        assertThat(store.readAfter(B, EventId.NONE, ALL)).isInstanceOf(Lost.class);
        assertThat(store.newest(List.of(A)).values())
                .singleElement()
                .satisfies(newest ->
                        assertThat(store.readAfter(A, newest.previous(), ALL)).isInstanceOf(Run.class));
    }

    @Test
    void a_repeated_key_gives_the_first_event_until_that_is_trimmed() {
        NewEvent keyed = event("a", "1").withIdempotencyKey("k");
        Event first = store.append(List.of(keyed)).events().get(0);
        assertThat(store.append(List.of(keyed, keyed)).events()).containsExactly(first, first);
        assertThat(store.append(List.of(event("b", "1").withIdempotencyKey("k")))
                        .events()
                        .get(0)
                        .channel())
                .isEqualTo(B);
        store.trim(Instant.MAX, 10);
        assertThat(store.append(List.of(keyed, keyed)).events())
                .extracting(Event::id)
                .containsExactly(
                        new EventId(first.id().epoch(), 2),
                        new EventId(first.id().epoch(), 2));
    }

    @Test
    void another_log_has_another_epoch() {
        Event before = send("a", "1");
        store.wipe();
        assertThat(store.readAfter(A, before.id(), ALL)).isEqualTo(new Lost(EventId.NONE));
        assertThat(send("a", "1").id().epoch()).isNotEqualTo(before.id().epoch());
    }

    @Test
    void nothing_of_a_transaction_shows_before_its_commit() {
        List<String> told = new ArrayList<>();
        try (MemoryEventStore.Transaction transaction = store.begin()) {
            List<Event> pending =
                    store.append(transaction, List.of(event("a", "1"))).events();
            transaction.afterCommit(() -> told.add("committed"));
            assertThat(read(A, EventId.NONE)).isEmpty();
            assertThat(told).isEmpty();
            transaction.commit();
            assertThat(read(A, EventId.NONE)).isEqualTo(pending);
        }
        assertThat(told).containsExactly("committed");
    }

    @Test
    void a_rollback_leaves_no_trace() {
        Event before = send("a", "1");
        List<String> told = new ArrayList<>();
        try (MemoryEventStore.Transaction transaction = store.begin()) {
            List<Event> lost = store.append(transaction, List.of(event("a", "2"), event("b", "3")))
                    .events();
            assertThat(lost).hasSize(2);
            transaction.afterCommit(() -> told.add("committed"));
        }
        assertThat(told).isEmpty();
        assertThat(store.newest(List.of(A, B))).isEqualTo(Map.of(A, before.id(), B, EventId.NONE));
        assertThat(send("a", "4").previous()).isEqualTo(before.id());
    }

    @Test
    void other_writers_of_a_channel_wait_for_the_transaction() {
        try (MemoryEventStore.Transaction transaction = store.begin()) {
            Event ours =
                    store.append(transaction, List.of(event("a", "1"))).events().get(0);
            CompletableFuture<Event> theirs = CompletableFuture.supplyAsync(() -> send("a", "2"));
            assertThat(send("b", "3").id().sequence()).isEqualTo(1);
            assertThat(theirs).isNotDone();
            transaction.commit();
            assertThat(theirs)
                    .succeedsWithin(Duration.ofSeconds(5))
                    .extracting(Event::previous)
                    .isEqualTo(ours.id());
        }
    }

    @Test
    void ids_are_gap_free_whoever_sends() {
        List<CompletableFuture<Void>> senders = Stream.generate(() -> CompletableFuture.runAsync(() ->
                        IntStream.range(0, 200).forEach(i -> store.append(List.of(event("a", "x"), event("b", "y"))))))
                .limit(4)
                .toList();
        senders.forEach(CompletableFuture::join);
        for (ChannelName channel : List.of(A, B)) {
            assertThat(read(channel, EventId.NONE))
                    .extracting(event -> event.id().sequence())
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 800)
                            .mapToObj(Long::valueOf)
                            .toList());
        }
    }

    @Test
    void a_transaction_of_another_store_is_refused() {
        try (MemoryEventStore.Transaction foreign = new MemoryEventStore(Clock.systemUTC()).begin()) {
            assertThatIllegalArgumentException().isThrownBy(() -> store.append(foreign, List.of(event("a", "1"))));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> store.append(callback -> {}, List.of(event("a", "1"))));
    }

    private Event send(String channel, String... data) {
        List<Event> sent = store.append(
                        Stream.of(data).map(text -> event(channel, text)).toList())
                .events();
        return sent.get(sent.size() - 1);
    }

    private List<Event> read(ChannelName channel, EventId after) {
        return ((Run) store.readAfter(channel, after, ALL)).events();
    }

    private Run run(boolean hasMore, ChannelName channel, int from, int to) {
        return new Run(read(channel, EventId.NONE).subList(from, to), hasMore);
    }

    private static NewEvent event(String channel, String data) {
        return NewEvent.text(channel, "message", data);
    }
}
