package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits of streams that a real Pushpin holds. */
class BehindPushpinLimitsTest {
    private final List<TestStream> streams = new ArrayList<>();

    private TestStream opened(ProxiedServer server, String path, String... headers) {
        TestStream stream = server.stream(path, headers);
        streams.add(stream);
        return stream.awaitOpen();
    }

    private static void assertRefused(TestStream stream, String condition, String key) {
        stream.awaitEnd();
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.text())
                .matches("(?s)retry: [0-9]{4,5}\nevent: stream-error\ndata: .*")
                .contains("\"condition\":\"" + condition + "\"", key)
                .doesNotContain("id:");
    }

    private static HealthCheck.Result nextLinks(ProxiedServer server) {
        return server.server().support().getEnvironment().healthChecks().runHealthCheck("eventstream-next-links");
    }

    @AfterEach
    void close() {
        streams.forEach(TestStream::close);
    }

    @Nested
    class If_the_proxy_states_addresses {
        // Pushpin's own peer is this machine, which must therefore be a client here
        @RegisterExtension
        static final ProxiedServer SERVER = ProxiedServer.behind(
                        1,
                        setup -> ProxiedServer.recommended(setup).with("x_forwarded_for", "append"),
                        "eventStream.clientAddress.gripProxies=true",
                        "eventStream.limits.channelSetsPerAddress=4",
                        "eventStream.limits.streamsPerPrincipal=3")
                .withProxy("minInterval: 0ms");

        @Test
        void a_client_cannot_take_another_address_and_open_streams_still_get_events() {
            List<TestStream> open = new ArrayList<>();
            // the extension has one set of channels open while it waits for Pushpin
            for (int i = 0; i < 3; i++) {
                open.add(opened(SERVER, "/events?channel=set-" + i, "X-Forwarded-For", "198.51.100." + i));
            }
            assertRefused(
                    SERVER.stream("/events?channel=set-3", "X-Forwarded-For", "203.0.113.77"),
                    "too-many-streams",
                    "eventStream.limits.channelSetsPerAddress");
            opened(SERVER, "/events?channel=set-2");
            opened(SERVER, "/events?channel=set-3", "Authorization", TestServer.basic("bob"));
            SERVER.events().send("set-0", "message", 1);

            open.get(0).awaitMessages(1);
            assertThat(open).noneMatch(TestStream::hasEnded);
            assertThat(nextLinks(SERVER).isHealthy()).isTrue();
        }

        @Test
        void a_principal_has_so_many_sets_of_channels() {
            for (int i = 0; i < 3; i++) {
                opened(SERVER, "/events?channel=own-" + i, "Authorization", TestServer.basic("ann"));
            }
            assertRefused(
                    SERVER.stream("/events?channel=own-3", "Authorization", TestServer.basic("ann")),
                    "too-many-streams",
                    "eventStream.limits.streamsPerPrincipal");
            opened(SERVER, "/events?channel=own-0", "Authorization", TestServer.basic("ann"));
            opened(SERVER, "/events?channel=own-3", "Authorization", TestServer.basic("eve"));
        }
    }

    @Nested
    class If_addresses_are_unknown {
        @RegisterExtension
        static final ProxiedServer SERVER =
                ProxiedServer.recommended().withGrip("linkTimeoutMin: 1s").withGrip("linkTimeoutMax: 4s");

        @Test
        void a_flood_of_channel_sets_leaves_room_for_users_and_keeps_the_health_check_green() {
            // twenty links can be fetched in time, and ten may be those of anonymous readers
            int refused = 0;
            for (int i = 0; i < 30; i++) {
                TestStream stream = SERVER.stream("/events?channel=flood-" + i);
                streams.add(stream.awaitEvent(event -> event.type().startsWith("stream-")));
                refused += stream.text().contains("\"condition\":\"busy\"") ? 1 : 0;
            }
            assertThat(refused).isBetween(20, 21);
            assertThat(nextLinks(SERVER).isHealthy()).isTrue();

            TestStream user = opened(SERVER, "/events?channel=flood-29", "Authorization", TestServer.basic("ann"));
            TestStream shared = opened(SERVER, "/events?channel=flood-0");
            SERVER.events().send("flood-29", "message", 1);
            SERVER.events().send("flood-0", "message", 1);
            user.awaitMessages(1);
            shared.awaitMessages(1);
        }
    }

    @Nested
    class If_the_node_is_full {
        @RegisterExtension
        static final ProxiedServer SERVER = ProxiedServer.recommended("eventStream.limits.streams=3");

        @Test
        void links_count_and_streams_that_share_one_do_not() {
            opened(SERVER, "/events?channel=ready");
            opened(SERVER, "/events?channel=a");
            TestStream direct = SERVER.direct("/events?channel=c").awaitOpen();
            streams.add(direct);

            assertRefused(SERVER.stream("/events?channel=b"), "busy", "eventStream.limits.streams");
            assertRefused(SERVER.direct("/events?channel=b"), "busy", "eventStream.limits.streams");
            TestStream shared = opened(SERVER, "/events?channel=a");
            SERVER.events().send("a", "message", 1);
            shared.awaitMessages(1);
            assertThat(direct.hasEnded()).isFalse();
        }
    }
}
