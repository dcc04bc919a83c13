package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.base.Throwables;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.database.MariaDbServer;
import dev.eventstream.database.PostgresServer;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.testing.SettableClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How each database reports failures, and how the store handles them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseFailuresTest {
    private static final PageLimit ALL = new PageLimit(1_000, Integer.MAX_VALUE);

    private final SettableClock clock = new SettableClock();
    private final List<Case> cases = List.of(
            new Case("H2", new TestDatabase(TestDatabase.h2InMemory(), "sa", ""), "SET LOCK_TIMEOUT 10", ""),
            new Case(
                    "PostgreSQL",
                    TestDatabase.freshOn(PostgresServer.shared()),
                    "SET lock_timeout = 10",
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"),
            new Case(
                    "MariaDB",
                    TestDatabase.freshOn(MariaDbServer.shared()),
                    "SET innodb_lock_wait_timeout = 1",
                    "SET innodb_snapshot_isolation = ON"));

    /**
     * @param impatience makes a connection wait only briefly for locks
     * @param snapshot makes a transaction refuse to change rows that another has changed since it began; empty if nothing does
     */
    record Case(String name, TestDatabase database, String impatience, String snapshot) {
        @Override
        public String toString() {
            return name;
        }
    }

    Stream<Case> migrated() {
        return cases.stream().peek(one -> one.database.migrate());
    }

    @AfterAll
    void close() {
        cases.forEach(one -> one.database.close());
    }

    @ParameterizedTest
    @MethodSource("notMigrated")
    void without_its_tables_the_store_says_how_to_create_them(TestDatabase database) {
        JdbiEventStore store = new JdbiEventStore(database.jdbi(), clock, false);
        try (database) {
            for (Runnable use : List.<Runnable>of(
                    store::check,
                    () -> store.append(List.of(event("a"))),
                    () -> store.trim(clock.instant(), 1),
                    () -> store.newest(List.of(new ChannelName("orders"))))) {
                assertThatExceptionOfType(EventStoreException.class)
                        .isThrownBy(use::run)
                        .withMessageContaining(
                                "the tables of dropwizard-eventstream are missing or of another version;");
            }
        }
    }

    Stream<TestDatabase> notMigrated() {
        return Stream.of(
                new TestDatabase(TestDatabase.h2InMemory(), "sa", ""),
                TestDatabase.freshOn(PostgresServer.shared()),
                TestDatabase.freshOn(MariaDbServer.shared()));
    }

    @ParameterizedTest
    @MethodSource("migrated")
    void a_channel_that_is_locked_for_longer_than_the_database_waits_fails_the_append_in_a_transaction(Case on)
            throws SQLException {
        on.database.clear();
        JdbiEventStore store = new JdbiEventStore(on.database.jdbi(), clock, false);
        store.append(List.of(event("first")));
        try (Connection connection = on.database.connect()) {
            connection.createStatement().execute(on.impatience);
            connection.setAutoCommit(false);
            ConnectionTransaction impatient = new ConnectionTransaction(connection);

            on.database.jdbi().useTransaction(handle -> {
                store.append(new JdbiStoreTransaction(handle), List.of(event("second")));
                assertThatExceptionOfType(EventStoreException.class)
                        .isThrownBy(() -> store.append(impatient, List.of(event("third"))))
                        .withMessageContaining(
                                "another transaction kept a channel locked for longer than the database waits")
                        .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.NOT_STORED));
            });
        }
        assertThat(read(store)).extracting(Event::data).containsExactly("first", "second");
    }

    @ParameterizedTest
    @MethodSource("migrated")
    void an_application_that_continues_after_a_failed_send_commits_none_of_it(Case on) {
        on.database.clear();
        JdbiEventStore store = new JdbiEventStore(on.database.jdbi(), clock, false);
        Event first = store.append(List.of(event("first"))).events().get(0);
        on.database.jdbi().useTransaction(handle -> {
            handle.execute("ALTER TABLE eventstream_event RENAME COLUMN data TO data2");
        });
        on.database.jdbi().useTransaction(handle -> {
            assertThatExceptionOfType(EventStoreException.class)
                    .isThrownBy(() -> store.append(new JdbiStoreTransaction(handle), List.of(event("half"))))
                    .satisfies(
                            e -> assertThat(Throwables.getStackTraceAsString(e)).doesNotContain("half"));
            handle.execute("UPDATE eventstream_channel SET trimmed_through = 0");
        });
        on.database.jdbi().useTransaction(handle -> {
            handle.execute("ALTER TABLE eventstream_event RENAME COLUMN data2 TO data");
        });

        Event second = store.append(List.of(event("second"))).events().get(0);
        assertThat(second.previous()).isEqualTo(first.id());
        assertThat(read(store)).containsExactly(first, second);
    }

    @ParameterizedTest
    @MethodSource("withSnapshots")
    void a_send_from_an_outdated_snapshot_fails_with_the_advice_to_try_again(Case on) throws SQLException {
        on.database.clear();
        JdbiEventStore store = new JdbiEventStore(on.database.jdbi(), clock, false);
        store.append(List.of(event("first")));
        try (Connection connection = on.database.connect()) {
            Jdbi.create(connection).useTransaction(handle -> {
                handle.execute(on.snapshot);
                handle.createQuery("SELECT newest FROM eventstream_channel")
                        .mapTo(Long.class)
                        .one();
                store.append(List.of(event("second")));
                assertThatExceptionOfType(EventStoreException.class)
                        .isThrownBy(() -> store.append(new JdbiStoreTransaction(handle), List.of(event("third"))))
                        .withMessageContaining("was in conflict with another; try again")
                        .satisfies(e -> assertThat(e.outcome()).isEqualTo(Outcome.NOT_STORED));
                handle.rollback();
            });
        }
        assertThat(read(store)).extracting(Event::data).containsExactly("first", "second");
    }

    Stream<Case> withSnapshots() {
        return migrated().filter(one -> !one.snapshot.isEmpty());
    }

    @Test
    void mariadb_s_error_for_an_outdated_snapshot_is_a_conflict() {
        SQLException changed = new SQLException("Record has changed since last read", "HY000", 1020);

        assertThat(SqlErrors.isConflict(changed)).isTrue();
        assertThat(SqlErrors.isConflict(new SQLException("other", "HY000", 1021)))
                .isFalse();
        assertThat(SqlErrors.isLockTimeout(changed)).isFalse();
    }

    private static NewEvent event(String data) {
        return NewEvent.text("orders", "message", data);
    }

    private static List<Event> read(JdbiEventStore store) {
        return ((EventPage.Range) store.readAfter(new ChannelName("orders"), EventId.NONE, ALL)).events();
    }
}
