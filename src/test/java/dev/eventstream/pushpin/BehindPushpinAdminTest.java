package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.RawHttp;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.event.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators see of, and can do to, streams that a Pushpin holds. */
class BehindPushpinAdminTest {
    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.recommended("eventStream.adminActions=true");

    private static RawHttp.Answer post(String form) throws IOException {
        return RawHttp.post(
                SERVER.server().adminPort(),
                "/eventstream/actions",
                (form + "&confirm=yes").getBytes(StandardCharsets.US_ASCII),
                "Content-Type: application/x-www-form-urlencoded");
    }

    private static TestStream open(String channel) {
        return SERVER.stream("/events?channel=" + channel, "Authorization", TestServer.basic("ann"))
                .awaitOpen();
    }

    @Test
    void a_reader_is_reset_when_an_epoch_is_renewed() throws Exception {
        try (TestStream stream = open("renewed")) {
            Event before = SERVER.server().events().send("renewed", "message", 1);
            stream.awaitMessages(1);
            assertThat(post("action=renew-epoch&channel=renewed").body())
                    .contains("instead of " + before.id().epoch());

            stream.awaitEvent("stream-reset");
            Event after = SERVER.server().events().send("renewed", "message", 2);
            stream.awaitMessages(2);
            assertThat(stream.lastEventId()).isEqualTo("renewed=" + after.id());
        }
    }

    @Test
    void a_user_is_disconnected() throws Exception {
        try (TestStream stream = open("people")) {
            assertThat(post("action=disconnect&user=ann").status()).isEqualTo(200);
            stream.awaitEnd();
        }
    }

    @Test
    void a_stream_of_the_proxy_is_not_known_here_but_the_lane_is() throws Exception {
        try (TestStream stream = open("watched")) {
            Event event = SERVER.server().events().send("watched", "message", 1);
            stream.awaitMessages(1);
            String answer = RawHttp.get(
                            SERVER.server().adminPort(), "/eventstream/why.json?user=ann&event=watched%3D" + event.id())
                    .body();
            assertThat(answer).contains("\"no-stream\"", "\"behind-proxy\"").doesNotContain("proxy-not-reached");
            assertThat(RawHttp.get(SERVER.server().adminPort(), "/eventstream/overview.json")
                            .body())
                    .contains("\"state\" : \"working\"");
        }
    }
}
