package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.ServedStreams;
import dev.eventstream.TestStream;
import dev.eventstream.TypesContract;
import dev.eventstream.stream.WireReader.WireEvent;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams that a real Pushpin holds. */
class BehindPushpinTypesTest extends TypesContract {
    @RegisterExtension
    static final ProxiedServer SERVER = ProxiedServer.recommended().withRelays();

    @Override
    protected ServedStreams served() {
        return SERVER;
    }

    @Test
    void the_proxy_passes_other_types_without_asking_for_them() {
        try (TestStream stream = SERVER.stream("/typed?channel=calm").awaitOpen()) {
            SERVER.events().send("calm", "ordered", 1);
            stream.awaitMessages(1);
            // the proxy asks once, a second after its first stream of a channel
            await().until(() -> requestsFor("calm") > 0);
            long before = requestsFor("calm");
            for (int i = 0; i < 200; i++) {
                SERVER.events().send("calm", "other", i);
            }
            SERVER.events().send("calm", "ordered", 2);
            stream.awaitMessages(2);

            assertThat(requestsFor("calm")).isEqualTo(before);
            assertThat(stream.text()).doesNotContain("event: other");
        }
    }

    private static long requestsFor(String channel) {
        return SERVER.server().service().requests.stream()
                .filter(request -> request.contains("/events/_next/"))
                .map(request -> request.replaceAll(".*link=([^.&]*).*", "$1"))
                .filter(payload -> new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8)
                        .contains('"' + channel + '"'))
                .count();
    }

    @Test
    void a_stream_shows_the_events_of_its_types_that_the_proxy_did_not_get_in_order() {
        try (TestStream stream = SERVER.stream("/typed?channel=lossy").awaitOpen()) {
            SERVER.events().send("lossy", "ordered", 1);
            stream.awaitMessages(1);
            SERVER.relay().swallow(body -> body.contains("lost-"));
            SERVER.events().send("lossy", "other", "lost-1");
            SERVER.events().send("lossy", "shipped", "lost-2");
            SERVER.events().send("lossy", "other", "lost-3");
            await().until(() -> SERVER.relay().swallowed().stream().anyMatch(body -> body.contains("lost-3")));
            SERVER.relay().swallow(body -> false);
            SERVER.events().send("lossy", "other", 4);
            SERVER.events().send("lossy", "ordered", 5);

            stream.awaitMessages(3);
            assertThat(stream.messages()).extracting(WireEvent::data).containsExactly("1", "\"lost-2\"", "5");
            assertThat(stream.lastEventId()).endsWith("-6");
        }
    }

    @Test
    void a_stream_that_shows_none_of_the_events_is_told_its_position_when_the_proxy_asks() {
        try (TestStream stream = SERVER.stream("/typed?channel=told").awaitOpen()) {
            // the answer to the proxy's first question, a second after the beginning, contains this position at the
            // latest
            String last = "";
            for (int i = 0; i < 5; i++) {
                last = SERVER.events().send("told", "other", i).id().toString();
            }
            String told = "id: told=" + last + "\n";
            await().until(() -> stream.text().contains(told));
            assertThat(stream.messages()).isEmpty();
        }
    }
}
