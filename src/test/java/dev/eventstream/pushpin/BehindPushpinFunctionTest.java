package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.database.Changelog;
import dev.eventstream.database.PostgresServer;
import dev.eventstream.stream.WireReader.WireEvent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When readers get an event that the SQL function has sent: its commit does not notify any node. */
class BehindPushpinFunctionTest {
    /** A poll or a sweep once a second, two seconds until a row is due, and a margin for a busy machine. */
    private static final Duration SOON = Duration.ofSeconds(8);

    /** A poll once in ten seconds, and the same margin. */
    private static final Duration NEXT_SLOW_POLL = Duration.ofSeconds(15);

    private final PostgresServer server = PostgresServer.shared();
    private String name = "";

    @BeforeEach
    void migrate() throws SQLException {
        name = server.freshDatabase();
        Changelog.WITH_FUNCTION.apply(server.connect(name));
    }

    private String[] overrides(String... more) {
        List<String> all = new ArrayList<>(List.of(
                "database.driverClass=org.postgresql.Driver",
                "database.url=" + server.jdbcUrl(name),
                "database.user=" + server.user()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private String query(String sql) throws SQLException {
        try (Connection connection = server.connect(name);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    private void call() throws SQLException {
        query("SELECT eventstream_send('orders', 'message', 'by SQL')");
    }

    private static void assertArrives(TestStream reader, Duration limit) {
        await().atMost(limit)
                .untilAsserted(() -> assertThat(reader.messages())
                        .extracting(WireEvent::data)
                        .containsExactly("by SQL"));
    }

    @Test
    void readers_of_a_node_get_it_with_the_next_poll() throws Exception {
        TestServer node = new TestServer(overrides());
        node.start();
        try (TestStream reader = node.stream("/events?channel=orders").awaitOpen()) {
            call();

            assertArrives(reader, SOON);
            assertThat(query("SELECT count(*) FROM eventstream_outbox")).isEqualTo("0");
        } finally {
            node.stop();
        }
    }

    @Test
    void with_a_fast_bus_and_no_proxy_it_arrives_with_the_slower_poll() throws Exception {
        TestServer node = new TestServer(overrides("eventStream.bus.type=postgres"));
        node.start();
        try (TestStream reader = node.stream("/events?channel=orders").awaitOpen()) {
            call();

            assertArrives(reader, NEXT_SLOW_POLL);
        } finally {
            node.stop();
        }
    }

    @Test
    void behind_a_proxy_the_outbox_sweep_announces_it_to_all_readers_whatever_the_bus() throws Exception {
        for (String bus : List.of("database", "postgres")) {
            migrate();
            try (ProxiedServer node = ProxiedServer.recommended(overrides("eventStream.bus.type=" + bus))
                            .start();
                    TestStream proxied = node.stream("/events?channel=orders").awaitOpen();
                    TestStream direct = node.direct("/events?channel=orders").awaitOpen()) {
                await().until(() -> query("SELECT name FROM eventstream_lease WHERE name = 'outbox'")
                        .equals("outbox"));
                call();

                assertArrives(proxied, SOON);
                assertArrives(direct, SOON);
                await().atMost(SOON)
                        .until(() ->
                                query("SELECT count(*) FROM eventstream_outbox").equals("0"));
            }
        }
    }
}
