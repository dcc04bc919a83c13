package dev.eventstream.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.OutboxEntry;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import dev.eventstream.store.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Events that were committed and not announced are announced, and their row stays until every announcer is finished. */
class OutboxSweepTest {
    private final SettableClock clock = new SettableClock();
    private final MemoryEventStore store = new MemoryEventStore(clock);
    private final RowsInMemory rows = new RowsInMemory();
    private final MetricRegistry metrics = new MetricRegistry();
    private final List<Event> told = new ArrayList<>();
    private final List<CompletableFuture<Void>> proxy = new ArrayList<>();
    private final Announcements announcements =
            new Announcements(List.of(this::tell, this::tellProxy), rows, Ticker.systemTicker(), metrics);
    private final OutboxSweep sweep = new OutboxSweep(new FailingStore(), rows, announcements, metrics);
    private final EventPublisher publisher =
            new EventPublisher(store, new StoredChannels(List.of()), announcements, 1_000, metrics);

    private Optional<Error> readFailure = Optional.empty();

    private final class FailingStore extends ForwardingEventStore {
        FailingStore() {
            super(store);
        }

        @Override
        public EventPage readAfter(ChannelName channel, EventId after, PageLimit limit) {
            readFailure.ifPresent(failure -> {
                throw failure;
            });
            return super.readAfter(channel, after, limit);
        }
    }

    private CompletableFuture<Void> tell(List<Event> events) {
        told.addAll(events);
        return Announcer.DONE;
    }

    private CompletableFuture<Void> tellProxy(List<Event> events) {
        CompletableFuture<Void> through = new CompletableFuture<>();
        proxy.add(through);
        return through;
    }

    /** What a node leaves behind if it dies right after its commit. */
    private List<Event> appendAndDie(String... data) {
        Appended appended = store.append(
                Stream.of(data).map(text -> NewEvent.text("a", "message", text)).toList());
        OutboxEntry.of(appended.added()).forEach(rows::add);
        return appended.events();
    }

    private List<Event> send(String data) {
        List<Event> sent = publisher.send(List.of(NewEvent.text("a", "message", data)));
        OutboxEntry.of(sent).forEach(rows::add);
        return sent;
    }

    private void proxyIsThrough() {
        proxy.forEach(announcement -> announcement.complete(null));
        proxy.clear();
        announcements.deleteAnnounced();
    }

    @Test
    void events_that_a_dead_node_committed_are_announced_as_stored() {
        List<Event> first = appendAndDie("1", "2");
        List<Event> second = appendAndDie("3");

        sweep.run();

        assertThat(told)
                .isEqualTo(Stream.concat(first.stream(), second.stream()).toList());
        assertThat(metrics.meter("eventstream.sweep.announced").getCount()).isEqualTo(3);
        assertThat(metrics.meter("eventstream.events.sent").getCount()).isZero();
        announcements.deleteAnnounced();
        assertThat(rows.all()).as("the proxy is not through").hasSize(2);
        proxyIsThrough();
        assertThat(rows.all()).isEmpty();
    }

    @Test
    void many_rows_are_announced_over_several_runs() {
        int count = OutboxSweep.BATCH * OutboxSweep.MAX_BATCHES + 1;
        IntStream.range(0, count).forEach(i -> appendAndDie("x"));

        sweep.run();
        assertThat(told).hasSize(count - 1);
        sweep.run();
        assertThat(told).hasSize(count);
        sweep.run();
        assertThat(told).hasSize(count);
    }

    @Test
    void a_row_with_many_events_is_announced_page_by_page() {
        List<Event> sent = appendAndDie(
                IntStream.range(0, 1_200).mapToObj(i -> "event " + i).toArray(String[]::new));

        sweep.run();

        assertThat(told).isEqualTo(sent);
        assertThat(proxy).hasSize(3);
        proxy.get(1).complete(null);
        proxy.get(0).complete(null);
        announcements.deleteAnnounced();
        assertThat(rows.all()).hasSize(1);
        proxyIsThrough();
        assertThat(rows.all()).isEmpty();
    }

    @Test
    void events_that_this_process_is_announcing_are_not_announced_again() {
        List<Event> sent = send("1");
        sweep.run();
        rows.makeDue();
        sweep.run();
        assertThat(told).isEqualTo(sent);

        proxy.forEach(announcement -> announcement.complete(null));
        rows.makeDue();
        sweep.run();
        assertThat(told).as("through, and its row not yet deleted").isEqualTo(sent);
        proxyIsThrough();
        assertThat(rows.all()).isEmpty();
    }

    @Test
    void a_failed_announcement_is_repeated() {
        List<Event> sent = send("1");
        proxy.get(0).completeExceptionally(new IllegalStateException("the lane is full"));
        proxyIsThrough();
        assertThat(rows.all()).hasSize(1);
        assertThat(metrics.meter("eventstream.announce.failures").getCount()).isEqualTo(1);

        sweep.run();

        assertThat(told).isEqualTo(List.of(sent.get(0), sent.get(0)));
        proxyIsThrough();
        assertThat(rows.all()).isEmpty();
    }

    @Test
    void rows_whose_events_are_trimmed_are_only_deleted() {
        appendAndDie("1", "2");
        clock.advance(Duration.ofMinutes(1));
        store.trim(clock.instant(), 100);

        sweep.run();
        proxyIsThrough();

        assertThat(told).isEmpty();
        assertThat(rows.all()).isEmpty();
    }

    @Test
    void the_last_event_of_a_partly_trimmed_row_shows_that_some_are_missing() {
        List<Event> sent = appendAndDie("1", "2", "3", "4");
        clock.advance(Duration.ofMinutes(1));
        store.trim(clock.instant(), 2);

        sweep.run();
        proxyIsThrough();

        assertThat(told).containsExactly(sent.get(3));
        assertThat(rows.all()).isEmpty();
    }

    @Test
    void a_row_of_a_log_that_was_wiped_is_only_deleted() {
        EventId old = new EventId("zzz", 1);
        rows.add(new OutboxEntry(new ChannelName("a"), old, old));
        rows.add(new OutboxEntry(new ChannelName("new"), old, old));
        store.append(List.of(NewEvent.text("a", "message", "of another log")));

        sweep.run();
        proxyIsThrough();

        assertThat(told).isEmpty();
        assertThat(rows.all()).isEmpty();
    }

    @Test
    void a_repeated_key_is_not_announced_again() {
        NewEvent keyed = NewEvent.text("a", "message", "1").withIdempotencyKey("k");
        List<Event> first = publisher.send(List.of(keyed));
        List<Event> again = publisher.send(List.of(NewEvent.text("a", "message", "2"), keyed, keyed));

        assertThat(again.subList(1, 3)).containsExactly(first.get(0), first.get(0));
        assertThat(told).containsExactly(first.get(0), again.get(0));
        assertThat(publisher.send(List.of(keyed))).isEqualTo(first);
        assertThat(told).hasSize(2);
    }

    @Test
    void a_database_that_fails_is_reported_to_the_loop_and_the_next_run_announces() {
        send("1");
        proxy.forEach(announcement -> announcement.completeExceptionally(new IllegalStateException("full")));
        proxy.clear();
        rows.setBroken(true);
        assertThatExceptionOfType(EventStoreException.class).isThrownBy(sweep::run);
        assertThat(told).hasSize(1);
        rows.setBroken(false);
        sweep.run();
        assertThat(told).hasSize(2);

        proxy.forEach(announcement -> announcement.complete(null));
        rows.setBroken(true);
        assertThatExceptionOfType(EventStoreException.class).isThrownBy(announcements::deleteAnnounced);
        rows.setBroken(false);
        announcements.deleteAnnounced();
        assertThat(rows.all()).isEmpty();
    }

    @Test
    void an_error_during_an_announcement_leaves_the_row_to_the_next_sweep() {
        List<Event> sent = appendAndDie("1");
        readFailure = Optional.of(new OutOfMemoryError("a test"));
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(sweep::run);
        readFailure = Optional.empty();
        rows.makeDue();
        sweep.run();
        assertThat(told).isEqualTo(sent);
        proxyIsThrough();
        assertThat(rows.all()).isEmpty();
    }
}
