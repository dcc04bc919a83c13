package dev.eventstream.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.RawHttp;
import dev.eventstream.RawHttp.Answer;
import dev.eventstream.TestStream;
import dev.eventstream.database.PostgresServer;
import dev.eventstream.recipe.Shop.Settings;
import dev.eventstream.stream.WireReader.WireEvent;
import io.dropwizard.testing.DropwizardTestSupport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The resource of the manual that returns a state and a link to the stream that continues from it. */
class OrderListTest {
    private static final PostgresServer POSTGRES = PostgresServer.shared();
    private static final Pattern LINK =
            Pattern.compile("<(/events\\?channel=orders&lastEventId=[!-~]+)>; rel=\"event-stream\"");

    @TempDir
    Path directory;

    private static void order(int port, String item) throws IOException {
        Answer answer = RawHttp.post(
                port,
                "/hibernate-orders",
                ("item=" + item).getBytes(StandardCharsets.UTF_8),
                "Content-Type: application/x-www-form-urlencoded");
        assertThat(answer.status()).isEqualTo(204);
    }

    @Test
    void the_stream_continues_from_the_state() throws Exception {
        String database = POSTGRES.freshDatabase();
        Shop.migrate(POSTGRES.connect(database));
        DropwizardTestSupport<Settings> server =
                Shop.server(directory, "org.postgresql.Driver", POSTGRES.jdbcUrl(database), POSTGRES.user());
        server.before();
        try {
            order(server.getLocalPort(), "tea");
            Answer answer = RawHttp.get(server.getLocalPort(), "/orders");
            order(server.getLocalPort(), "cake");

            assertThat(answer.body()).isEqualTo("[{\"id\":1,\"item\":\"tea\"}]");
            Matcher link = LINK.matcher(answer.header("Link"));
            assertThat(link.matches()).as(answer.header("Link")).isTrue();
            try (TestStream stream =
                    TestStream.open(server.getLocalPort(), link.group(1)).awaitMessages(1)) {
                assertThat(stream.messages()).extracting(WireEvent::data).containsExactly("{\"item\":\"cake\"}");
            }
        } finally {
            server.after();
        }
    }
}
