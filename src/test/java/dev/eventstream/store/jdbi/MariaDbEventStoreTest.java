package dev.eventstream.store.jdbi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.base.Throwables;
import dev.eventstream.database.MariaDbServer;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

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
}
