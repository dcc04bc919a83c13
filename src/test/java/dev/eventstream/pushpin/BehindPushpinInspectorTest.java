package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.RawHttp;
import dev.eventstream.RawHttp.Answer;
import dev.eventstream.TestStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Pushpin passes the inspector's page on, and does not hold it. */
class BehindPushpinInspectorTest {
    private static final String BROWSER =
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.recommended().withMore("inspector: true");

    @Test
    void the_page_is_complete_at_once() throws IOException {
        Answer answer = RawHttp.get(SERVER.pushpin().uri().getPort(), "/events?channel=page", "Accept: " + BROWSER);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(answer.header("Content-Security-Policy")).startsWith("default-src 'none'; ");
        assertThat(answer.header("Vary")).contains("Accept");
        assertThat(answer.head()).doesNotContainIgnoringCase("Grip-");
        assertThat(answer.body()).endsWith("</html>\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "*/*", "text/html, text/event-stream"})
    void other_clients_get_streams_that_the_proxy_holds(String accept) {
        String channel = "held-" + accept.length();
        try (TestStream stream =
                SERVER.stream("/events?channel=" + channel, "Accept", accept).awaitOpen()) {
            SERVER.events().send(channel, "message", 1);
            stream.awaitMessages(1);
        }
        assertThat(SERVER.server().openStreams()).isZero();
    }
}
