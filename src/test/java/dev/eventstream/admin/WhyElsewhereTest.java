package dev.eventstream.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Why a reader did not receive an event: causes outside of the node that is asked. */
class WhyElsewhereTest {
    /** A control port that nobody listens on. */
    private static final String DEAD_PROXY = """
            grip:
              proxies:
                - name: edge
                  controlUri: http://127.0.0.1:9/
                  verifyKey: a-verify-key-for-the-tests-of-pages
              linkSecrets: [a-link-secret-for-the-tests-of-pages]
            """;

    private static JsonNode ask(TestServer server, Event event) throws Exception {
        return new AdminPort(server)
                .json("why", "event", event.channel().encoded() + '=' + event.id(), "user", "ann")
                .get("findings");
    }

    private static String url() {
        return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    }

    @Test
    void the_stream_is_on_another_node() throws Exception {
        String url = url();
        TestServer one = TestServer.onDatabase(url, "");
        TestServer two = TestServer.onDatabase(url, "");
        one.start();
        two.start();
        try (TestStream held = two.stream("/events?channel=orders", "Authorization", TestServer.basic("ann"))
                .awaitOpen()) {
            assertThat(held.hasEnded()).isFalse();
            Event event = one.events().send("orders", "message", 1);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(AdminPort.column(ask(one, event), "cause"))
                            .containsExactly("no-stream", "other-node"));
            await().untilAsserted(() ->
                    assertThat(AdminPort.column(ask(two, event), "cause")).containsExactly("delivered"));
        } finally {
            one.stop();
            two.stop();
        }
    }

    @Test
    void a_proxy_holds_the_stream_and_does_not_take_events() throws Exception {
        TestServer server = TestServer.withMore(DEAD_PROXY);
        server.start();
        try {
            Event event = server.events().send("orders", "message", 1);
            await().untilAsserted(() -> assertThat(AdminPort.column(ask(server, event), "cause"))
                    .containsExactly("no-stream", "proxy-not-reached", "behind-proxy"));

            JsonNode overview = new AdminPort(server).json("overview");
            JsonNode lane = AdminPort.row(overview.get("lanes"), "edge");
            assertThat(lane.get("state").asText()).startsWith("failing, because it ");
            assertThat(lane.get("failingSeconds").asDouble()).isPositive();
            assertThat(overview.get("outbox").get("lagSeconds").isNumber()).isTrue();
            assertThat(overview.toString()).doesNotContain("for-the-tests-of-pages");
        } finally {
            server.stop();
        }
    }

    @Test
    void this_node_does_not_know_the_event_yet() throws Exception {
        TestServer server = new TestServer("eventStream.pollInterval=1m");
        server.start();
        try (TestStream held = server.stream("/events?channel=orders", "Authorization", TestServer.basic("ann"))
                        .awaitOpen();
                TestServer.Node other = server.otherNode()) {
            assertThat(held.hasEnded()).isFalse();
            Event known = server.events().send("orders", "message", 1);
            other.send("orders", "message", "2");
            Event unknown = new Event(known.channel(), new EventId(known.id().epoch(), 2), known.type(), "", Set.of());

            assertThat(AdminPort.column(ask(server, unknown), "cause")).containsExactly("node-behind");
        } finally {
            server.stop();
        }
    }
}
