package dev.eventstream.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.RawHttp;
import dev.eventstream.TestStream;
import dev.eventstream.recipe.Shop.Settings;
import dev.eventstream.stream.WireReader.WireEvent;
import io.dropwizard.testing.DropwizardTestSupport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manual's orders in Hibernate transactions. */
class HibernateOrdersTest {
    private static final String URL = "jdbc:h2:mem:hibernate-orders;DB_CLOSE_DELAY=-1";

    private static DropwizardTestSupport<Settings> server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        Shop.migrate(DriverManager.getConnection(URL));
        server = Shop.server(directory, "org.h2.Driver", URL, "''");
        server.before();
    }

    @AfterAll
    static void stop() {
        server.after();
    }

    private static int order(String path, String item) throws IOException {
        return RawHttp.post(
                        server.getLocalPort(),
                        path,
                        ("item=" + item).getBytes(StandardCharsets.UTF_8),
                        "Content-Type: application/x-www-form-urlencoded")
                .status();
    }

    private static List<String> rows() {
        return Jdbi.create(URL)
                .withHandle(handle -> handle.select("SELECT item FROM shop_order ORDER BY id")
                        .mapTo(String.class)
                        .list());
    }

    @Test
    void an_order_and_its_event_are_committed_together_or_not_at_all() throws Exception {
        try (TestStream stream =
                TestStream.open(server.getLocalPort(), "/events?channel=orders").awaitOpen()) {
            assertThat(order("/hibernate-orders", "tea")).isEqualTo(204);
            stream.awaitMessages(1);
            assertThat(order("/hibernate-orders", "longer-than-20-characters")).isEqualTo(500);
            assertThat(order("/failing-orders", "water")).isEqualTo(500);
            assertThat(order("/hibernate-orders", "coffee")).isEqualTo(204);
            stream.awaitMessages(2);

            assertThat(stream.messages())
                    .extracting(WireEvent::data)
                    .containsExactly("{\"item\":\"tea\"}", "{\"item\":\"coffee\"}");
            assertThat(stream.lastEventId()).endsWith("-2");
            assertThat(rows()).containsExactly("tea", "coffee");
        }
    }
}
