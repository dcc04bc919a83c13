package dev.eventstream.bus.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.bus.Bus;
import dev.eventstream.bus.testing.BusContract;
import dev.eventstream.database.Changelog;
import dev.eventstream.database.DatabaseServer;
import dev.eventstream.store.testing.SettableClock;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract, and tests that are specific to messages in a database. */
abstract class JdbiBusContract extends BusContract {
    private final Jdbi jdbi;
    private final SettableClock clock = new SettableClock();

    JdbiBusContract(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    static Jdbi freshOn(DatabaseServer server) {
        return Jdbi.create(server.jdbcUrl(server.freshDatabase()), server.user(), server.password());
    }

    @BeforeEach
    void migrate() {
        Changelog.APPLICATION.apply(jdbi.open().getConnection());
    }

    @Override
    protected Bus bus() {
        return new JdbiBus(jdbi, clock, Duration.ofMillis(20));
    }

    @Test
    void a_message_whose_transaction_commits_late_arrives() throws Exception {
        try (Bus.Receiver receiver = bus().openReceiver();
                Bus.Publisher publisher = bus().openPublisher();
                Connection late = jdbi.open().getConnection()) {
            late.setAutoCommit(false);
            try (var insert = late.prepareStatement("INSERT INTO eventstream_message (sent_at, body) VALUES (?, ?)")) {
                insert.setLong(1, clock.millis());
                insert.setString(2, "bGF0ZQ==");
                insert.executeUpdate();
            }
            publisher.publish(bytes("early"));
            assertThat(texts(receiver, 1)).containsExactly("early");
            late.commit();
            assertThat(texts(receiver, 1)).containsExactly("late");
        }
    }

    @Test
    void old_messages_are_deleted() throws Exception {
        try (Bus.Publisher publisher = bus().openPublisher()) {
            publisher.publish(bytes("old"));
            clock.advance(SeenRows.KEPT.plusSeconds(1));
        }
        try (Bus.Publisher publisher = bus().openPublisher()) {
            publisher.publish(bytes("new"));
        }
        List<String> bodies = jdbi.withHandle(handle -> handle.createQuery("SELECT body FROM eventstream_message")
                .mapTo(String.class)
                .list());
        assertThat(bodies).containsExactly("bmV3");
    }
}
