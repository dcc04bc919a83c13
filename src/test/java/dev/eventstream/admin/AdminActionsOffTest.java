package dev.eventstream.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.Logged;
import dev.eventstream.RawHttp;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without {@code eventStream.adminActions}, which is the default, the pages only show. */
class AdminActionsOffTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @Test
    void nothing_can_be_done() throws Exception {
        AdminPort admin = new AdminPort(SERVER);
        try (TestStream stream = SERVER.stream("/events?channel=safe").awaitOpen();
                Logged logged = new Logged()) {
            assertThat(admin.get("actions").body())
                    .contains("Actions are off.", "eventStream.adminActions")
                    .doesNotContain("<form");
            RawHttp.Answer answer = admin.post(List.of(), "action", "drain", "confirm", "yes");

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).contains("eventStream.adminActions is false.");
            assertThat(logged.lines())
                    .contains("WARN An admin action of 127.0.0.1 was refused: eventStream.adminActions is false");
            SERVER.events().send("safe", "message", 1);
            stream.awaitMessages(1);
        }
    }
}
