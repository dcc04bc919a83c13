package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.RawHttp;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the admin port says of a real Pushpin. */
class BehindPushpinHealthTest {

    @Test
    void it_is_well_and_an_event_arrives_through_its_public_side() throws Exception {
        try (ProxiedServer server =
                ProxiedServer.recommended().withDeliveryCheck().start()) {
            String name = "127.0.0.1-" + server.pushpin().controlUri().getPort();
            assertThat(check(server, "eventstream-proxy-" + name).isHealthy()).isTrue();
            assertThat(check(server, "eventstream-next-links").getMessage()).endsWith(" distinct next links");
            HealthCheck.Result delivery = check(server, "eventstream-delivery-" + name);
            assertThat(delivery.getMessage())
                    .matches(
                            "an event took \\d+ ms from here through http://127.0.0.1:\\d+ to a client, sent \\d time\\(s\\)");
            assertThat(delivery.isHealthy()).isTrue();

            server.pushpin().suspendHandler();
            assertThat(check(server, "eventstream-proxy-" + name).getMessage())
                    .contains("http://127.0.0.1:", "eventStream.grip.proxies[0]");
            assertThat(check(server, "eventstream-delivery-" + name).isHealthy())
                    .isFalse();
            server.pushpin().resumeHandler();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> check(server, "eventstream-delivery-" + name).isHealthy());
        }
    }

    @Test
    void nobody_but_a_proxy_is_let_in_by_the_check() throws Exception {
        try (ProxiedServer server =
                ProxiedServer.recommended().withDeliveryCheck().start()) {
            String path = "/events/_next/check/";
            String token = "0123456789abcdef0123456789abcdef";
            assertThat(RawHttp.get(server.port(), path + token).status()).isEqualTo(403);
            int through = server.pushpin().uri().getPort();
            assertThat(RawHttp.get(through, path + token).status()).isEqualTo(403);
            assertThat(RawHttp.get(through, path + "members").status()).isEqualTo(403);
            assertThat(RawHttp.get(through, path + token + "0").status()).isEqualTo(403);
        }
    }

    @Test
    void without_a_delivery_check_there_is_nothing_to_open_by_it() throws Exception {
        try (ProxiedServer server = ProxiedServer.recommended().start()) {
            int through = server.pushpin().uri().getPort();
            assertThat(RawHttp.get(through, "/events/_next/check/0123456789abcdef0123456789abcdef")
                            .status())
                    .isEqualTo(404);
        }
    }

    private static HealthCheck.Result check(ProxiedServer server, String name) {
        return server.server().support().getEnvironment().healthChecks().runHealthCheck(name);
    }
}
