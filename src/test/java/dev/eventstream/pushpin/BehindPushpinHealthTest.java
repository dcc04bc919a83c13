package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.RawHttp;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The health checks of a real Pushpin. */
class BehindPushpinHealthTest {

    @Test
    void checks_are_healthy_while_pushpin_works_and_unhealthy_while_it_hangs() throws Exception {
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
            assertThat(server.server()
                            .support()
                            .getEnvironment()
                            .metrics()
                            .timer("eventstream.proxy." + name + ".delivery")
                            .getCount())
                    .isEqualTo(1);

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
    void the_check_address_refuses_requests_without_a_valid_token() throws Exception {
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
    void without_a_delivery_check_its_address_does_not_exist() throws Exception {
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
