package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.google.common.base.Throwables;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.OutboxEntry;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StartLimit;
import dev.eventstream.store.TrimLimit;
import dev.eventstream.store.testing.SettableClock;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.HashPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.transaction.SerializableTransactionRunner;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the contract does not cover: failures, incomplete work, and the cost of a send. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JdbiEventStoreTest {
    private static final ChannelName ORDERS = new ChannelName("orders");
    private static final PageLimit ALL = new PageLimit(1_000, Integer.MAX_VALUE);

    private final SettableClock clock = new SettableClock();
    private final TestDatabase database = new TestDatabase(TestDatabase.h2InMemory(), "sa", "");
    private final Jdbi jdbi = database.jdbi();
    private final FaultyConnections connections = new FaultyConnections(database);
    private JdbiEventStore store = new JdbiEventStore(connections.jdbi(), clock, false);

    @BeforeAll
    void migrate() {
        database.migrate();
    }

    @BeforeEach
    void startOver() {
        connections.failNoMore();
        database.clear();
        store = new JdbiEventStore(connections.jdbi(), clock, false);
    }

    @AfterAll
    void close() {
        database.close();
    }

    // --- migrations

    interface Use {
        void of(JdbiEventStore store);
    }

    static Stream<Use> uses() {
        return Stream.of(
                store -> store.check(),
                store -> store.append(List.of(event("a"))),
                store -> store.readAfter(ORDERS, EventId.NONE, ALL),
                store -> store.newest(List.of(ORDERS)),
                store -> store.trim(new SettableClock().instant(), 1));
    }

    @ParameterizedTest
    @MethodSource("uses")
    void without_its_tables_the_store_says_how_to_create_them(Use use) {
        JdbiEventStore notMigrated = new JdbiEventStore(Jdbi.create(TestDatabase.h2InMemory()), clock, false);

        assertThatExceptionOfType(EventStoreException.class)
                .isThrownBy(() -> use.of(notMigrated))
                .withMessageContaining("the tables of dropwizard-eventstream are missing or of another version;")
                .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.NOT_STORED));
    }

    @ParameterizedTest
    @MethodSource("uses")
    void every_call_fails_if_the_database_cannot_be_reached(Use use) {
        connections.fail(call -> {
            throw new SQLException("no route to host", "08001");
        });

        assertThatExceptionOfType(EventStoreException.class)
                .isThrownBy(() -> use.of(store))
                .withMessageContaining("the database failed (SQLState 08001, error 0)")
                .withCauseInstanceOf(SQLException.class)
                .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.NOT_STORED));
    }

    @Test
    void the_check_detects_a_missing_column() {
        try (TestDatabase older = new TestDatabase(TestDatabase.h2InMemory(), "sa", "")) {
            older.migrate();
            older.jdbi().useHandle(handle -> handle.execute("ALTER TABLE eventstream_event DROP COLUMN skip_users"));

            assertThatExceptionOfType(EventStoreException.class)
                    .isThrownBy(() -> new JdbiEventStore(older.jdbi(), clock, false).check())
                    .withMessage(
                            "the log cannot be read: the tables of dropwizard-eventstream are missing or of another"
                                    + " version; an H2 database in memory belongs to one process, so `db migrate` in another"
                                    + " process does not reach it: apply the changelog in this process before the server"
                                    + " starts, or use a file");
        }
    }

    @Test
    void the_check_detects_an_h2_file_with_delayed_writes(@TempDir Path directory) {
        try (TestDatabase late = new TestDatabase("jdbc:h2:file:" + directory.resolve("log"), "sa", "")) {
            late.migrate();

            assertThatExceptionOfType(EventStoreException.class)
                    .isThrownBy(() -> new JdbiEventStore(late.jdbi(), clock, false).check())
                    .withMessage(
                            "H2 writes commits to its file up to 500 ms late, so events that were sent can be lost with"
                                    + " the process; add ;WRITE_DELAY=0 to the URL of the database");
        }
    }

    @Test
    void migrating_twice_changes_nothing() {
        Event event = append("a");
        database.migrate();

        assertThat(read()).containsExactly(event);
    }

    // --- appends that fail

    @Test
    void a_failure_before_the_commit_stores_nothing() {
        append("first");
        connections.fail(call -> {
            if (call.startsWith("prepareStatement[INSERT INTO eventstream_event")) {
                throw new SQLException("connection lost", "08006");
            }
        });

        assertThatExceptionOfType(EventStoreException.class)
                .isThrownBy(() -> append("second"))
                .withMessage("1 event(s) were not stored, the first an event of type \"message\" with 6 characters for"
                        + " channel \"orders\": the database failed (SQLState 08006, error 0)")
                .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.NOT_STORED));
        connections.failNoMore();
        assertThat(append("third").id().sequence()).isEqualTo(2);
    }

    @Test
    void a_connection_lost_during_the_commit_leaves_the_outcome_unknown() {
        connections.fail(call -> {
            if (call.equals("commit")) {
                throw new SQLException("connection lost", "08007");
            }
        });

        assertThatExceptionOfType(EventStoreException.class)
                .isThrownBy(() -> append("a"))
                .withMessage("1 event(s) may have been stored or not, the first an event of type \"message\" with 1"
                        + " characters for channel \"orders\": the database failed (SQLState 08007, error 0)")
                .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.UNKNOWN));
    }

    @Test
    void a_driver_that_breaks_during_the_commit_leaves_the_outcome_unknown() {
        connections.fail(call -> {
            if (call.equals("commit")) {
                throw new IllegalStateException("the driver is broken");
            }
        });

        assertThatExceptionOfType(EventStoreException.class)
                .isThrownBy(() -> append("a"))
                .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.UNKNOWN));
    }

    @Test
    void a_connection_that_cannot_be_returned_does_not_undo_the_commit() {
        connections.fail(call -> {
            if (call.equals("close")) {
                throw new SQLException("connection lost", "08003");
            }
        });

        Event event = append("a");
        connections.failNoMore();

        assertThat(read()).containsExactly(event);
    }

    @Test
    void an_append_that_the_database_ended_because_of_a_conflict_is_tried_again() {
        AtomicInteger attempts = conflictAtCommit(Transactions.MAX_ATTEMPTS - 1);

        Event event = append("a");

        assertThat(attempts).hasValue(Transactions.MAX_ATTEMPTS);
        assertThat(event.id().sequence()).isEqualTo(1);
        assertThat(read()).containsExactly(event);
    }

    @Test
    void an_append_that_always_conflicts_stores_nothing() {
        AtomicInteger attempts = conflictAtCommit(Integer.MAX_VALUE);

        assertThatExceptionOfType(EventStoreException.class)
                .isThrownBy(() -> append("a"))
                .withMessageContaining(
                        "the database ended a transaction that was in conflict with another; try again (SQLState 40001, error 0)")
                .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.NOT_STORED));
        assertThat(attempts).hasValue(Transactions.MAX_ATTEMPTS);
        connections.failNoMore();
        assertThat(read()).isEmpty();
    }

    private AtomicInteger conflictAtCommit(int times) {
        AtomicInteger attempts = new AtomicInteger();
        connections.fail(call -> {
            if (call.equals("commit") && attempts.incrementAndGet() <= times) {
                throw new SQLException("deadlock", "40001");
            }
        });
        return attempts;
    }

    @Test
    void an_error_quotes_neither_data_nor_key() {
        NewEvent tooLong =
                NewEvent.text("orders", "message", "secret".repeat(200_000)).withIdempotencyKey("key to everything");

        assertThatExceptionOfType(EventStoreException.class)
                .isThrownBy(() -> store.append(List.of(tooLong)))
                .withMessageContaining("text longer than the database allows (SQLState 22001")
                .satisfies(e -> assertThat(Throwables.getStackTraceAsString(e))
                        .doesNotContain("secret")
                        .doesNotContain("key to everything"));
    }

    // --- the application's transaction

    @Test
    void an_application_that_continues_after_a_failed_send_commits_none_of_it() {
        Event first = append("first");
        jdbi.useTransaction(handle -> {
            assertThatExceptionOfType(EventStoreException.class)
                    .isThrownBy(() -> store.append(
                                    new JdbiStoreTransaction(handle),
                                    List.of(event("half"), event("x".repeat(1_048_577))))
                            .events());
            handle.execute("UPDATE eventstream_channel SET trimmed_through = 0");
        });

        Event second = append("second");
        assertThat(second.previous()).isEqualTo(first.id());
        assertThat(read()).containsExactly(first, second);
    }

    @Test
    void a_handle_without_a_transaction_is_refused() {
        try (Handle handle = jdbi.open()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> new JdbiStoreTransaction(handle))
                    .withMessage("the handle is in no transaction, so nothing could be sent within it; send inside"
                            + " jdbi.inTransaction(...), handle.inTransaction(...) or a method with @Transaction");
        }
    }

    @Test
    void a_plain_append_stays_out_of_the_transaction_of_its_thread() {
        JdbiEventStore sameJdbi = new JdbiEventStore(jdbi, clock, false);
        List<Event> stored = new ArrayList<>();

        jdbi.useTransaction(handle -> {
            stored.addAll(sameJdbi.append(List.of(event("a"))).events());
            handle.rollback();
        });

        assertThat(read()).isEqualTo(stored).hasSize(1);
    }

    // --- a serializable transaction

    @Test
    void a_serialization_failure_is_tried_again_by_jdbi() {
        append("first");
        Jdbi retrying = Jdbi.create(database.dataSource());
        retrying.setTransactionHandler(new SerializableTransactionRunner());
        AtomicInteger attempts = new AtomicInteger();

        Event sent = retrying.inTransaction(TransactionIsolationLevel.SERIALIZABLE, handle -> {
            handle.createQuery("SELECT COUNT(*) FROM eventstream_channel")
                    .mapTo(Integer.class)
                    .one();
            if (attempts.incrementAndGet() == 1) {
                append("by another, after the snapshot");
            }
            return store.append(new JdbiStoreTransaction(handle), List.of(event("last")))
                    .events()
                    .get(0);
        });

        assertThat(attempts).hasValue(2);
        assertThat(sent.id().sequence()).isEqualTo(3);
        assertThat(read()).hasSize(3).endsWith(sent);
    }

    // --- repair

    @Test
    void a_channel_that_fell_behind_its_log_catches_up_with_the_next_append() {
        List<Event> sent = new ArrayList<>(List.of(append("a"), append("b"), append("c")));
        fallBehindBy(2);

        sent.add(append("d"));

        assertThat(sent).extracting(event -> event.id().sequence()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(read()).isEqualTo(sent);
    }

    @Test
    void a_channel_that_fell_behind_its_log_catches_up_within_a_transaction() {
        List<Event> sent = new ArrayList<>(List.of(append("a"), append("b")));
        fallBehindBy(1);

        jdbi.useTransaction(handle ->
                sent.addAll(store.append(new JdbiStoreTransaction(handle), List.of(event("c"), event("d")))
                        .events()));

        assertThat(sent).extracting(event -> event.id().sequence()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(read()).isEqualTo(sent);
    }

    @Test
    void a_channel_that_fell_behind_its_end_is_finished_again() {
        List<Event> sent =
                store.append(List.of(event("a"), NewEvent.end(ORDERS))).events();
        fallBehindBy(1);
        jdbi.useHandle(handle -> handle.execute("UPDATE eventstream_channel SET finished_at = 0"));

        assertThatExceptionOfType(ChannelFinishedException.class).isThrownBy(() -> append("late"));

        store.renewEpoch(ORDERS, sent.get(1).id().epoch()); // as a node does whose feed is ahead of the log
        assertThat(store.ends(List.of(ORDERS)))
                .isEqualTo(Map.of(ORDERS, new LogEnd(sent.get(1).id(), true)));
        assertThat(read()).isEqualTo(sent);
    }

    private void fallBehindBy(int events) {
        jdbi.useHandle(handle -> handle.execute("UPDATE eventstream_channel SET newest = newest - ?", events));
    }

    @Test
    void the_next_trim_completes_an_interrupted_one() {
        append("old");
        Event newestOld = append("old");
        clock.advance(Duration.ofDays(1));
        Event kept = append("kept");
        connections.fail(call -> {
            if (call.startsWith("prepareStatement[DELETE")) {
                throw new SQLException("killed", "57P01");
            }
        });

        assertThatExceptionOfType(EventStoreException.class)
                .isThrownBy(() -> store.trim(clock.instant(), 10))
                .withMessage("events sent before " + clock.instant() + " were not trimmed: the database failed"
                        + " (SQLState 57P01, error 0)");
        connections.failNoMore();

        assertThat(countRows()).isEqualTo(3);
        assertThat(store.readAfter(ORDERS, EventId.NONE, ALL)).isEqualTo(new EventPage.PositionUnavailable(kept.id()));
        assertThat(store.readAfter(ORDERS, newestOld.id(), ALL)).isEqualTo(new EventPage.Range(List.of(kept), false));
        assertThat(store.trim(clock.instant(), 10)).isEqualTo(2);
        assertThat(countRows()).isEqualTo(1);
        assertThat(store.readAfter(ORDERS, newestOld.id(), ALL)).isEqualTo(new EventPage.Range(List.of(kept), false));
    }

    @Test
    void a_gap_ends_the_page_before_it_and_makes_the_position_at_it_unavailable() {
        List<Event> sent = List.of(append("a"), append("b"), append("c"), append("d"));
        jdbi.useHandle(handle -> handle.execute("DELETE FROM eventstream_event WHERE sequence = 3"));

        assertThat(store.readAfter(ORDERS, EventId.NONE, ALL)).isEqualTo(new EventPage.Range(sent.subList(0, 2), true));
        assertThat(store.readAfter(ORDERS, sent.get(1).id(), ALL))
                .isEqualTo(new EventPage.PositionUnavailable(sent.get(3).id()));
        assertThat(store.readAfter(ORDERS, sent.get(2).id(), ALL))
                .isEqualTo(new EventPage.Range(sent.subList(3, 4), false));
    }

    private int countRows() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT COUNT(*) FROM eventstream_event")
                .mapTo(Integer.class)
                .one());
    }

    // --- cost

    @Test
    void an_append_takes_three_statements_on_h2_for_any_number_of_events_and_channels() {
        List<NewEvent> events = IntStream.range(0, 100)
                .mapToObj(i -> NewEvent.text("channel-" + i % 10, "message", "data"))
                .toList();
        Counted counted = new Counted();
        counted.store.append(events);

        assertThat(counted.by(() -> counted.store.append(events))).hasSize(3);
        assertThat(counted.by(() -> counted.store.append(List.of(event("a").withIdempotencyKey("k")))))
                .as("two for the new channel, one for its keys")
                .hasSize(6);
        assertThat(counted.by(() -> counted.store.append(List.of(event("a").withIdempotencyKey("k")))))
                .as("one for the keys, one to give back the room, and no insert")
                .hasSize(4);
        assertThat(counted.by(() -> jdbiTransaction(counted, events)))
                .as("one to find the channels, one to read the room; JDBI does not see the savepoint")
                .hasSize(4);
        assertThat(counted.by(() -> counted.store.append(List.of(event("a"), NewEvent.end(ORDERS)))))
                .as("one to finish the channel")
                .hasSize(4);
    }

    @Test
    void the_outbox_costs_an_append_one_more_statement_and_a_sweep_one() {
        List<NewEvent> events = IntStream.range(0, 100)
                .mapToObj(i -> NewEvent.text("channel-" + i % 10, "message", "data"))
                .toList();
        Counted counted = new Counted(true);
        List<OutboxEntry> runs = OutboxEntry.of(counted.store.append(events).added());

        assertThat(counted.by(() -> counted.store.append(events))).hasSize(4);
        counted.rows.claimDue(100); // once an hour, it takes a lease
        assertThat(counted.by(() -> counted.rows.claimDue(100))).hasSize(1);
        assertThat(counted.by(() -> counted.rows.delete(runs)))
                .as("one for the channels, one for the rows")
                .hasSize(2);
    }

    private static void jdbiTransaction(Counted counted, List<NewEvent> events) {
        counted.jdbi.useTransaction(handle -> counted.store.append(new JdbiStoreTransaction(handle), events));
    }

    @Test
    void a_page_takes_one_statement_for_the_channel_and_one_or_two_for_its_events() {
        Counted counted = new Counted();
        List<Event> sent = counted.store
                .append(IntStream.range(0, 120).mapToObj(i -> event("data")).toList())
                .events();

        assertThat(counted.by(() -> counted.store.readAfter(ORDERS, EventId.NONE, ALL)))
                .as("one for the sizes of more than fifty")
                .hasSize(1 + 2);
        assertThat(counted.by(() -> counted.store.readAfter(ORDERS, sent.get(69).id(), ALL)))
                .hasSize(1 + 1);
        assertThat(counted.by(
                        () -> counted.store.readAfter(ORDERS, sent.get(119).id(), ALL)))
                .as("nothing follows the newest")
                .hasSize(1);
        assertThat(counted.by(() -> counted.store.readAfter(ORDERS, EventId.NONE, new PageLimit(120, 1))))
                .hasSize(1 + 2);
    }

    @Test
    void a_start_takes_one_statement_for_all_channels_and_with_a_time_one_more_for_each_that_has_events() {
        Counted counted = new Counted();
        counted.store.append(List.of(event("data"), NewEvent.text("alerts", "message", "data")));
        List<ChannelName> channels = List.of(ORDERS, new ChannelName("alerts"), new ChannelName("unborn"));

        assertThat(counted.by(() -> counted.store.startPositions(channels, StartLimit.newest(10))))
                .hasSize(1);
        assertThat(counted.by(() -> counted.store.startPositions(channels, StartLimit.ALL)))
                .hasSize(1);
        assertThat(counted.by(() -> counted.store.startPositions(channels, StartLimit.since(clock.instant()))))
                .hasSize(1 + 2);
        assertThat(counted.by(() -> counted.store.startPositions(List.of(), StartLimit.ALL)))
                .isEmpty();
    }

    @Test
    void no_statement_scans_a_whole_table() {
        Counted counted = new Counted(true);
        List<String> statements = counted.by(() -> {
            for (int i = 0; i < 50; i++) {
                counted.store
                        .append(List.of(
                                event("data").withIdempotencyKey("k" + i % 40),
                                event("data").withIdempotencyKey("l" + i % 40),
                                NewEvent.text("channel-" + i, "message", "a")))
                        .events();
            }
            counted.store.readAfter(ORDERS, EventId.NONE, ALL);
            counted.store.newest(List.of(ORDERS));
            counted.store.startPositions(List.of(ORDERS), StartLimit.since(clock.instant()));
            clock.advance(Duration.ofDays(1));
            counted.rows.delete(counted.rows.claimDue(10));
            counted.store.trim(clock.instant(), 10);
            counted.store.trim(ORDERS, new TrimLimit(clock.instant(), 10), 10);
            counted.store.stats("", 10);
            counted.turns.take("retention", Duration.ofMinutes(1));
            counted.store.check();
        });

        assertThat(statements).hasSizeGreaterThan(200);
        assertThat(statements.stream().distinct().filter(sql -> !sql.startsWith("INSERT")))
                .allSatisfy(sql -> assertThat(plan(sql)).doesNotContain("tableScan"));
        assertThat(statements.stream().distinct().filter(sql -> sql.contains("LIMIT")))
                .hasSize(4)
                .allSatisfy(sql -> assertThat(plan(sql))
                        .containsAnyOf(
                                "EVENTSTREAM_EVENT_CREATED",
                                "EVENTSTREAM_EVENT_PK",
                                "PRIMARY_KEY",
                                "EVENTSTREAM_OUTBOX_DUE",
                                "EVENTSTREAM_CHANNEL_NAME")
                        .contains("/* index sorted */"));
        assertThat(statements.stream().distinct().filter(sql -> sql.contains("idempotency_key IN")))
                .isNotEmpty()
                .allSatisfy(sql -> assertThat(plan(sql)).contains("EVENTSTREAM_EVENT_KEY: IDEMPOTENCY_KEY IN"));
    }

    private String plan(String sql) {
        return jdbi.withHandle(handle -> handle.createQuery("EXPLAIN " + sql.replace("?", "'1'"))
                .mapTo(String.class)
                .one());
    }

    /** A store whose statements are counted. */
    private final class Counted {
        private final List<String> statements = Collections.synchronizedList(new ArrayList<>());
        private final Jdbi jdbi = Jdbi.create(database.dataSource());
        private final JdbiOutbox rows = new JdbiOutbox(jdbi, clock);
        private final JdbiLease turns = new JdbiLease(jdbi, clock);
        private final JdbiEventStore store;

        Counted() {
            this(false);
        }

        Counted(boolean hasOutbox) {
            store = new JdbiEventStore(jdbi, clock, hasOutbox);
            jdbi.setSqlLogger(new SqlLogger() {
                @Override
                public void logAfterExecution(StatementContext context) {
                    statements.add(context.getRenderedSql());
                }
            });
        }

        List<String> by(Runnable work) {
            statements.clear();
            work.run();
            return List.copyOf(statements);
        }
    }

    // --- an application's settings

    @Test
    void an_application_may_configure_another_parser_and_template_engine_for_jdbi() {
        Jdbi other = Jdbi.create(database.dataSource());
        other.getConfig(SqlStatements.class)
                .setSqlParser(new HashPrefixSqlParser())
                .setTemplateEngine((template, context) -> {
                    assertThat(template).doesNotContainPattern("[<:#'\"{}$]");
                    return template;
                });
        JdbiEventStore sameJdbi = new JdbiEventStore(other, clock, true);
        JdbiOutbox sameRows = new JdbiOutbox(other, clock);

        assertThatNoException().isThrownBy(() -> {
            sameJdbi.check();
            sameJdbi.append(List.of(event("a").withIdempotencyKey("k")));
            other.useTransaction(handle -> sameJdbi.append(
                            new JdbiStoreTransaction(handle), List.of(event("b").withIdempotencyKey("k")))
                    .events());
            clock.advance(Duration.ofDays(1));
            sameRows.delete(sameRows.claimDue(1));
            sameJdbi.stats("", 1);
            sameJdbi.trim(new ChannelName("none"), TrimLimit.newest(1), 1);
            new JdbiLease(other, clock).take("retention", Duration.ofMinutes(1));
            sameJdbi.trim(clock.instant(), 1);
        });
        assertThat(sameJdbi.newest(List.of(ORDERS)).get(ORDERS))
                .isNotNull()
                .extracting(EventId::sequence)
                .isEqualTo(1L);
    }

    @Test
    void h2_keeps_a_nul_character() {
        Event event = append("a\0b");

        assertThat(read()).containsExactly(event);
    }

    private static NewEvent event(String data) {
        return NewEvent.text("orders", "message", data);
    }

    private Event append(String data) {
        return store.append(List.of(event(data))).events().get(0);
    }

    private List<Event> read() {
        return ((EventPage.Range) store.readAfter(ORDERS, EventId.NONE, ALL)).events();
    }
}
