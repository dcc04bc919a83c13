package dev.eventstream.bus.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventstream.bus.Bus;
import dev.eventstream.database.PgBouncer;
import dev.eventstream.database.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PostgresBusBehindPgBouncerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PostgresServer server = PostgresServer.shared();
    private final String database = server.freshDatabase();

    private Bus bus(PgBouncer pooler) {
        return new PostgresBus(pooler.jdbcUrl(), server.user(), server.password(), "eventstream");
    }

    @Test
    void in_transaction_mode_the_self_test_fails_and_names_the_pooler_as_the_likely_cause() throws Exception {
        try (PgBouncer pooler = PgBouncer.start(server, database, PgBouncer.PoolMode.TRANSACTION)) {
            Bus bus = bus(pooler);
            // the second time, the pooler's connection to the server is already listening
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(bus::openReceiver)
                        .withMessageContaining("Does eventStream.bus.url point to a pooler in transaction mode, such as"
                                + " PgBouncer? It must point to PostgreSQL itself, or to a pooler in session mode");
            }
        }
    }

    @Test
    void in_session_mode_messages_arrive() throws Exception {
        try (PgBouncer pooler = PgBouncer.start(server, database, PgBouncer.PoolMode.SESSION)) {
            Bus bus = bus(pooler);
            try (Bus.Receiver receiver = bus.openReceiver();
                    Bus.Publisher publisher = bus(pooler).openPublisher()) {
                publisher.publish("hello".getBytes(UTF_8));
                assertThat(receiver.receive(PATIENCE)).containsExactly("hello".getBytes(UTF_8));
            }
        }
    }
}
