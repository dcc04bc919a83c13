package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.retention.Lease;
import dev.eventstream.store.ChannelLockedException;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.LogSize;
import dev.eventstream.store.Outbox;
import dev.eventstream.store.OutboxEntry;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StoreTransaction;
import dev.eventstream.store.testing.Together;
import io.dropwizard.db.ManagedDataSource;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract of the store and its outbox. Each database has a subclass. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JdbiEventStoreContract extends TransactionContract {
    private static final Duration MILLISECOND = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final TestDatabase database;
    private EventStore store;
    private final Outbox rows;

    JdbiEventStoreContract(TestDatabase database) {
        this.database = database;
        this.store = freshStore();
        this.rows = new JdbiOutbox(database.jdbi(), clock);
    }

    @BeforeAll
    void migrate() {
        database.migrate();
    }

    @BeforeEach
    void clear() {
        database.clear();
        store = freshStore();
    }

    private EventStore freshStore() {
        return new JdbiEventStore(database.jdbi(), clock, true);
    }

    @AfterAll
    void close() {
        database.close();
    }

    @Override
    protected TestDatabase database() {
        return database;
    }

    @Override
    protected EventStore store() {
        return store;
    }

    @Override
    protected void inTransaction(Consumer<StoreTransaction> work) {
        database.jdbi().useTransaction(handle -> work.accept(new JdbiStoreTransaction(handle)));
    }

    @Override
    protected void inSnapshot(Consumer<StoreTransaction> work) {
        // on MariaDB, queries at SERIALIZABLE wait for writers
        boolean isH2 = database.jdbi().withHandle(handle -> Dialects.of(handle) instanceof H2Dialect);
        database.jdbi()
                .useTransaction(
                        isH2 ? TransactionIsolationLevel.SERIALIZABLE : TransactionIsolationLevel.REPEATABLE_READ,
                        handle -> work.accept(new JdbiStoreTransaction(handle)));
    }

    // --- the newest events since a time

    @Test
    void the_channels_with_events_since_a_time_come_with_their_newest_events() {
        Event before = append("before", "x");
        clock.advance(SECOND);
        Instant time = clock.instant();
        appendMany("orders", 3);
        clock.advance(SECOND);
        EventId orders = append("orders", "y").id();
        EventId alerts = append("alerts", "z").id();

        assertThat(store.newestSince(time))
                .contains(Map.of(new ChannelName("orders"), orders, new ChannelName("alerts"), alerts));
        assertThat(store.newestSince(time.minus(SECOND)).orElseThrow()).containsEntry(before.channel(), before.id());
        assertThat(store.newestSince(clock.instant().plusMillis(1))).contains(Map.of());
    }

    @Test
    void an_event_of_an_open_transaction_is_among_the_newest_once_it_is_committed() {
        Instant time = clock.instant();
        inTransaction(transaction -> {
            store.append(transaction, List.of(NewEvent.text("orders", "message", "x")));
            assertThat(store.newestSince(time)).contains(Map.of());
        });

        assertThat(store.newestSince(time).orElseThrow()).containsOnlyKeys(new ChannelName("orders"));
    }

    // --- rows that another program deletes

    @Test
    void a_channel_whose_row_is_gone_begins_again() {
        append("orders", "1");
        database.clear();
        Event first = append("orders", "2");

        assertThat(first.previous()).isEqualTo(EventId.NONE);
        assertThat(read("orders")).containsExactly(first);
    }

    @Test
    void senders_to_a_channel_whose_row_is_gone_do_not_disturb_one_another() throws Exception {
        int senders = 8;
        for (int round = 0; round < 10; round++) {
            append("orders", "before");
            database.clear();
            Together.run(senders, thread -> append("orders", "at once"));

            assertThat(read("orders"))
                    .extracting(event -> event.id().sequence())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, senders).boxed().toList());
        }
    }

    // --- a log that has gone back

    private static final ChannelName BACK = new ChannelName("back");

    @Test
    void a_new_epoch_makes_all_positions_unavailable_and_sequences_continue() {
        EventId third = appendMany("back", 3).get(2).id();
        store.renewEpoch(BACK, third.epoch());
        EventId newest = store.newest(List.of(BACK)).values().iterator().next();

        assertThat(newest.epoch()).isNotEqualTo(third.epoch());
        assertThat(newest.sequence()).isEqualTo(3);
        assertThat(store.readAfter(BACK, third, new PageLimit(10, 1_000)))
                .isEqualTo(new EventPage.PositionUnavailable(newest));
        Event next = append("back", "next");
        assertThat(next.previous()).isEqualTo(newest);
        assertThat(store.readAfter(BACK, newest, new PageLimit(10, 1_000)))
                .isEqualTo(new EventPage.Range(List.of(next), false));
    }

    @Test
    void of_several_nodes_that_renew_an_epoch_one_succeeds() {
        EventId first = append("back", "x").id();
        store.renewEpoch(BACK, first.epoch());
        Map<ChannelName, EventId> renewed = store.newest(List.of(BACK));
        store.renewEpoch(BACK, first.epoch());

        assertThat(store.newest(List.of(BACK))).isEqualTo(renewed);
        store.renewEpoch(new ChannelName("nobody"), first.epoch());
    }

    @Test
    void a_channel_that_a_transaction_has_locked_gets_no_new_epoch_and_nobody_waits() {
        EventId first = append("back", "x").id();
        inTransaction(transaction -> {
            store.append(transaction, List.of(NewEvent.text("back", "message", "y")));
            assertThatThrownBy(() -> store.renewEpoch(BACK, first.epoch()))
                    .isInstanceOfSatisfying(
                            ChannelLockedException.class,
                            e -> assertThat(e.channels()).containsExactly(BACK));
        });
        store.renewEpoch(BACK, first.epoch());

        assertThat(store.newest(List.of(BACK)).get(BACK)).satisfies(newest -> {
            assertThat(newest.epoch()).isNotEqualTo(first.epoch());
            assertThat(newest.sequence()).isEqualTo(2);
        });
    }

    @Test
    void a_channel_row_that_is_behind_its_own_log_catches_up_instead_of_getting_a_new_epoch() {
        EventId third = appendMany("back", 3).get(2).id();
        database.jdbi()
                .useHandle(handle ->
                        handle.execute("UPDATE eventstream_channel SET newest = 2 WHERE name = ?", BACK.value()));
        store.renewEpoch(BACK, third.epoch());

        assertThat(store.newest(List.of(BACK))).isEqualTo(Map.of(BACK, third));
    }

    // --- the size

    @Test
    void the_size_of_the_log_has_its_events_and_the_time_of_the_oldest() {
        assertThat(store.size().orElseThrow().oldest()).isEqualTo(Instant.MAX);
        Instant first = clock.instant();
        appendLong(100);
        letPass(SECOND);
        appendLong(100);
        boolean isH2 = updateStatistics();

        LogSize size = store.size().orElseThrow();
        assertThat(size.oldest()).isEqualTo(first.truncatedTo(ChronoUnit.MILLIS));
        assertThat(size.events()).isBetween(100L, 400L);
        assertThat(size.bytes()).isBetween(isH2 ? 0L : 100_000L, isH2 ? 0L : 100_000_000L);
    }

    private void appendLong(int events) {
        store.append(IntStream.range(0, events)
                .mapToObj(i -> NewEvent.text("sized", "message", "x".repeat(1_000)))
                .toList());
    }

    /** Makes the database update its statistics at once instead of within seconds; returns whether it is H2. */
    private boolean updateStatistics() {
        return database.jdbi().withHandle(handle -> {
            Dialect dialect = Dialects.of(handle);
            handle.execute((dialect instanceof PostgresDialect ? "ANALYZE" : "ANALYZE TABLE") + " eventstream_event");
            return dialect instanceof H2Dialect;
        });
    }

    // --- the outbox

    private void letPass(Duration time) {
        clock.advance(time);
    }

    @Test
    void an_append_leaves_a_row_per_channel_that_is_due_after_a_grace_period() {
        List<Event> sent = store.append(List.of(event("orders", "1"), event("alerts", "2"), event("orders", "3")))
                .events();
        letPass(JdbiOutbox.GRACE.minus(MILLISECOND));
        assertThat(rows.claimDue(100)).isEmpty();
        letPass(MILLISECOND);

        assertThat(rows.claimDue(100))
                .containsExactlyInAnyOrder(run(sent.get(0), sent.get(2)), run(sent.get(1), sent.get(1)));
    }

    @Test
    void a_row_that_is_claimed_is_due_again_later() {
        Event sent = append("orders", "1");
        letPass(JdbiOutbox.GRACE);
        assertThat(rows.claimDue(100)).containsExactly(run(sent, sent));

        letPass(JdbiOutbox.CLAIM.minus(MILLISECOND));
        assertThat(rows.claimDue(100)).isEmpty();
        letPass(MILLISECOND);
        assertThat(rows.claimDue(100)).containsExactly(run(sent, sent));
    }

    @Test
    void the_lag_is_that_of_the_row_that_has_been_due_longest() {
        assertThat(rows.lag()).contains(Duration.ZERO);
        append("orders", "1");
        letPass(JdbiOutbox.GRACE);
        append("alerts", "2");
        assertThat(rows.lag()).contains(Duration.ZERO);
        letPass(Duration.ofSeconds(3));

        assertThat(rows.lag()).contains(Duration.ofSeconds(3));
    }

    @Test
    void rows_that_have_been_due_longest_are_claimed_first_up_to_the_limit() {
        List<OutboxEntry> expected = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Event sent = append("channel-" + (9 - i), "data");
            expected.add(run(sent, sent));
            letPass(MILLISECOND);
        }
        letPass(JdbiOutbox.GRACE);

        assertThat(rows.claimDue(2)).containsExactlyInAnyOrderElementsOf(expected.subList(0, 2));
        assertThat(rows.claimDue(2)).containsExactlyInAnyOrderElementsOf(expected.subList(2, 4));
        assertThat(rows.claimDue(2)).containsExactlyInAnyOrderElementsOf(expected.subList(4, 5));
        assertThat(rows.claimDue(2)).isEmpty();
    }

    @Test
    void nodes_that_sweep_at_once_share_the_rows() throws Exception {
        int count = 100;
        IntStream.range(0, count).forEach(i -> append("channel-" + i % 7, "data"));
        letPass(JdbiOutbox.GRACE);

        List<List<OutboxEntry>> claimed = Together.run(6, thread -> {
            List<OutboxEntry> mine = new ArrayList<>();
            // another node may have claimed all rows that this one saw
            for (int i = 0; i < 20; i++) {
                mine.addAll(rows.claimDue(10));
            }
            return mine;
        });

        assertThat(claimed.stream().flatMap(List::stream).toList())
                .hasSize(count)
                .doesNotHaveDuplicates();
    }

    @Test
    void deleted_rows_are_no_longer_due() {
        Event first = append("orders", "1");
        Event second = append("orders", "2");
        Event alert = append("alerts", "3");
        letPass(JdbiOutbox.GRACE);

        rows.delete(List.of(run(first, first), run(alert, alert)));
        assertThat(rows.claimDue(100)).containsExactly(run(second, second));
        rows.delete(List.of(run(first, first), run(second, second)));
        rows.delete(List.of());
        letPass(JdbiOutbox.CLAIM);
        assertThat(rows.claimDue(100)).isEmpty();
    }

    @Test
    void only_rows_all_of_whose_events_were_announced_are_deleted() {
        List<Event> three = store.append(List.of(event("orders", "1"), event("orders", "2"), event("orders", "3")))
                .events();
        Event four = append("orders", "4");
        letPass(JdbiOutbox.GRACE);

        rows.delete(List.of(run(three.get(1), four)));
        assertThat(rows.claimDue(100)).containsExactly(run(three.get(0), three.get(2)));
        rows.delete(List.of(run(three.get(0), three.get(1))));
        letPass(JdbiOutbox.CLAIM);
        assertThat(rows.claimDue(100)).containsExactly(run(three.get(0), three.get(2)));
    }

    @Test
    void a_row_is_not_confused_with_a_row_of_another_log() {
        Event sent = append("orders", "1");
        EventId other = new EventId("zzz", 1);
        letPass(JdbiOutbox.GRACE);

        rows.delete(List.of(
                new OutboxEntry(new ChannelName("orders"), other, other),
                new OutboxEntry(new ChannelName("new"), other, other)));
        assertThat(rows.claimDue(100)).containsExactly(run(sent, sent));
    }

    @Test
    void rollbacks_and_repeats_leave_no_row() {
        NewEvent keyed = event("orders", "1").withIdempotencyKey("k");
        Event sent = store.append(List.of(keyed)).events().get(0);
        assertThat(store.append(List.of(keyed)).added()).isEmpty();
        assertThat(store.append(List.of(keyed, event("alerts", "2"))).added())
                .extracting(Event::data)
                .containsExactly("2");
        assertThatThrownBy(() -> inTransaction(transaction -> {
                    assertThat(store.append(transaction, List.of(event("orders", "never")))
                                    .added())
                            .hasSize(1);
                    throw new IllegalStateException("refused");
                }))
                .hasMessage("refused");
        letPass(JdbiOutbox.GRACE);

        assertThat(rows.claimDue(100)).hasSize(2).contains(run(sent, sent));
    }

    @Test
    void a_row_outlives_its_events() {
        Event sent = append("orders", "1");
        letPass(JdbiOutbox.GRACE);
        store.trim(clock.instant(), 100);

        assertThat(rows.claimDue(100)).containsExactly(run(sent, sent));
        rows.delete(List.of(run(sent, sent)));
        letPass(JdbiOutbox.CLAIM);
        assertThat(rows.claimDue(100)).isEmpty();
    }

    @Test
    void appends_claims_and_deletions_do_not_disturb_one_another() throws Exception {
        int sends = 60;
        int senders = 4;
        AtomicInteger sending = new AtomicInteger(senders);
        Together.run(senders + 2, thread -> {
            if (thread < senders) {
                try {
                    appendAndDelete(sends);
                } finally {
                    sending.decrementAndGet();
                }
            }
            while (sending.get() > 0) {
                letPass(Duration.ofSeconds(1));
                rows.delete(rows.claimDue(20));
            }
            return thread;
        });
        letPass(JdbiOutbox.CLAIM);
        rows.delete(rows.claimDue(10_000));
        letPass(JdbiOutbox.CLAIM);

        assertThat(rows.claimDue(1)).isEmpty();
        assertThat(read("a")).hasSize(senders * sends);
    }

    private void appendAndDelete(int sends) {
        for (int i = 1; i <= sends; i++) {
            if (i % 3 == 0) {
                // no new channel here: MariaDB may end a transaction that creates one while others do
                inTransaction(
                        transaction -> store.append(transaction, List.of(event("a", "data"), event("b", "data"))));
            } else {
                List<NewEvent> events = List.of(event("a", "data"), event("b", "data"), event("c" + i, "data"));
                rows.delete(OutboxEntry.of(store.append(events).added()));
            }
        }
    }

    // --- leases

    @Test
    void one_node_takes_a_lease_and_another_can_take_it_when_it_ends() {
        Lease one = new JdbiLease(database.jdbi(), clock);
        Lease other = new JdbiLease(database.jdbi(), clock);
        Duration minute = Duration.ofMinutes(1);

        assertThat(one.take("retention", minute)).isTrue();
        assertThat(one.take("retention", minute)).isFalse();
        assertThat(other.take("retention", minute)).isFalse();
        assertThat(other.take("another task", minute)).isTrue();
        letPass(minute.minus(MILLISECOND));
        assertThat(other.take("retention", minute)).isFalse();
        letPass(MILLISECOND);
        assertThat(other.take("retention", minute)).isTrue();
        assertThat(one.take("retention", minute)).isFalse();
    }

    @Test
    void only_one_node_gets_a_lease_that_several_want() throws Exception {
        for (int round = 0; round < 20; round++) {
            assertThat(Together.run(
                            6,
                            thread -> new JdbiLease(database.jdbi(), clock).take("retention", Duration.ofMinutes(1))))
                    .containsOnlyOnce(true);
            letPass(Duration.ofMinutes(1));
        }
    }

    @Test
    void a_lease_that_ends_impossibly_late_is_ignored() {
        Lease turns = new JdbiLease(database.jdbi(), clock);
        letPass(Duration.ofDays(365));
        assertThat(turns.take("retention", Duration.ofMinutes(1))).isTrue();
        letPass(Duration.ofDays(-365));

        assertThat(turns.take("retention", Duration.ofMinutes(1))).isTrue();
        assertThat(turns.take("retention", Duration.ofMinutes(1))).isFalse();
    }

    // --- a pool without auto-commit

    @Test
    void a_pool_that_switches_auto_commit_off_changes_nothing() throws Exception {
        ManagedDataSource pool = database.poolWithoutAutoCommit();
        try {
            Jdbi jdbi = Jdbi.create(JdbiEventStore.connections(pool));
            EventStore itsStore = new JdbiEventStore(jdbi, clock, true);
            Outbox itsOutbox = new JdbiOutbox(jdbi, clock);
            Lease its = new JdbiLease(jdbi, clock);
            Duration minute = Duration.ofMinutes(1);

            Event sent = itsStore.append(List.of(event("orders", "1"))).events().get(0);
            assertThat(its.take("retention", minute)).isTrue();
            assertThat(new JdbiLease(database.jdbi(), clock).take("retention", minute))
                    .isFalse();
            assertThat(read("orders")).containsExactly(sent);
            letPass(JdbiOutbox.GRACE);
            assertThat(itsOutbox.claimDue(10)).containsExactly(run(sent, sent));
            assertThat(rows.claimDue(10)).isEmpty();
            itsOutbox.delete(List.of(run(sent, sent)));
            letPass(JdbiOutbox.CLAIM);
            assertThat(rows.claimDue(10)).isEmpty();
            letPass(Duration.ofDays(1));
            assertThat(itsStore.trim(clock.instant(), 10)).isEqualTo(1);
            Jdbi withoutAutoCommit = Jdbi.create(() -> {
                Connection connection = pool.getConnection();
                connection.setAutoCommit(false);
                return connection;
            });
            assertThatThrownBy(
                            () -> new JdbiEventStore(withoutAutoCommit, clock, true).append(List.of(event("a", "1"))))
                    .isInstanceOf(EventStoreException.class)
                    .hasMessageContaining("auto-commit is off for the connections of its Jdbi");
        } finally {
            pool.stop();
        }
    }

    private static OutboxEntry run(Event first, Event last) {
        return new OutboxEntry(first.channel(), first.id(), last.id());
    }
}
