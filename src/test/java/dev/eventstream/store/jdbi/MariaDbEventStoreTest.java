package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.base.Throwables;
import dev.eventstream.database.MariaDbServer;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.ChannelLockedException;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MariaDbEventStoreTest extends JdbiEventStoreContract {
    MariaDbEventStoreTest() {
        super(TestDatabase.freshOn(MariaDbServer.shared()));
    }

    /** Without deadlocks: InnoDB ends one of two transactions that deadlock, and if that is the application's, its send fails. */
    @Override
    @Test
    void appends_claims_and_deletions_do_not_disturb_one_another() throws Exception {
        long deadlocks = deadlocks();

        super.appends_claims_and_deletions_do_not_disturb_one_another();

        assertThat(deadlocks()).isEqualTo(deadlocks);
    }

    private long deadlocks() {
        return database()
                .jdbi()
                .withHandle(handle -> handle.createQuery("SELECT variable_value"
                                + " FROM information_schema.global_status WHERE variable_name = 'INNODB_DEADLOCKS'")
                        .mapTo(Long.class)
                        .one());
    }

    /** At REPEATABLE READ, the default, the row can still be read. An update does not find it. */
    @Test
    void a_send_to_a_log_that_was_deleted_after_the_transaction_began_fails() throws SQLException {
        append("orders", "before");
        try (Connection connection = database().connect()) {
            Jdbi.create(connection).useTransaction(handle -> {
                long newest = handle.createQuery("SELECT newest FROM eventstream_channel")
                        .mapTo(Long.class)
                        .one();
                assertThat(newest).isEqualTo(1);
                database().clear();
                assertThatExceptionOfType(EventStoreException.class)
                        .isThrownBy(() -> store().append(
                                        new JdbiStoreTransaction(handle),
                                        List.of(NewEvent.text("orders", "message", "lost"))))
                        .withMessageContaining("or it was deleted; send again in a new transaction");
                handle.rollback();
            });
        }
        assertThat(append("orders", "after").id().sequence()).isEqualTo(1);
    }

    @Test
    void a_nul_character_is_kept() {
        Event event = append("orders", "a\0b");

        assertThat(read("orders")).containsExactly(event);
    }

    @Test
    void an_event_larger_than_the_server_s_packet_limit_is_refused_with_that_reason() {
        assertThatExceptionOfType(EventStoreException.class)
                .isThrownBy(() -> append("orders", "secret".repeat(3_000_000)))
                .withMessageContaining("larger than the server's max_allowed_packet")
                .satisfies(e -> {
                    assertThat(e.outcome()).isEqualTo(Outcome.NOT_STORED);
                    assertThat(Throwables.getStackTraceAsString(e)).doesNotContain("secret");
                });
        assertThat(append("orders", "after").id().sequence()).isEqualTo(1);
    }

    // --- one statement

    @Test
    void an_append_to_one_channel_takes_one_statement_and_the_commit() {
        List<String> statements = Collections.synchronizedList(new ArrayList<>());
        Jdbi jdbi = Jdbi.create(database().dataSource());
        jdbi.setSqlLogger(new SqlLogger() {
            @Override
            public void logAfterExecution(StatementContext context) {
                statements.add(context.getRenderedSql());
            }
        });
        EventStore counted = new JdbiEventStore(jdbi, Clock.systemUTC(), true);
        counted.append(List.of(event("orders", "a")));
        statements.clear();

        counted.append(List.of(event("orders", "b"), event("orders", "c")));
        assertThat(statements).hasSize(2).last().isEqualTo("COMMIT");
        assertThat(read("orders")).extracting(Event::data).containsExactly("a", "b", "c");
    }

    @Test
    void a_server_that_is_slow_does_not_look_like_a_locked_channel() {
        append("orders", "before");
        database().jdbi().useHandle(handle -> {
            handle.execute("CREATE TRIGGER slow BEFORE INSERT ON eventstream_event FOR EACH ROW DO SLEEP(0.2)");
            try {
                store().append(List.of(event("orders", "slow")), Duration.ofMillis(50));
            } finally {
                handle.execute("DROP TRIGGER slow");
            }
        });

        assertThat(read("orders")).extracting(Event::data).containsExactly("before", "slow");
    }

    @Test
    void an_append_that_fails_leaves_no_transaction_on_its_connection() throws Exception {
        append("orders", "before");
        database().jdbi().useTransaction(handle -> {
            handle.execute("SELECT id FROM eventstream_channel WHERE name = 'orders' FOR UPDATE");
            assertThatExceptionOfType(ChannelLockedException.class)
                    .isThrownBy(() -> store().append(List.of(event("orders", "late")), Duration.ofMillis(20)));
        });

        long open = database()
                .jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_rows_locked > 0")
                        .mapTo(Long.class)
                        .one());
        assertThat(open).isZero();
        assertThat(append("orders", "after").id().sequence()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "useServerPrepStmts=true",
                "sessionVariables=sql_mode=ORACLE",
                "sessionVariables=sql_mode=NO_BACKSLASH_ESCAPES"
            })
    void appends_work_whatever_the_url_says(String parameter) throws Exception {
        try (Connection connection = DriverManager.getConnection(
                database().url() + "?" + parameter,
                database().user(),
                database().password())) {
            EventStore other = new JdbiEventStore(Jdbi.create(connection), Clock.systemUTC(), true);
            for (int i = 0; i < 10; i++) {
                other.append(List.of(event("orders", "it's a \\ \"quoted\" ? text: " + i)));
            }
        }
        assertThat(read("orders"))
                .hasSize(10)
                .last()
                .extracting(Event::data)
                .isEqualTo("it's a \\ \"quoted\" ? text: 9");
    }
}
