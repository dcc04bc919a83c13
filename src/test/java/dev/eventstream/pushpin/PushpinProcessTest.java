package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PushpinProcessTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer origin;

    @BeforeEach
    void start_origin() throws IOException {
        origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        origin.createContext("/", exchange -> {
            byte[] body = "an ordinary answer".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        origin.start();
    }

    @AfterEach
    void stop_origin() {
        origin.stop(0);
    }

    @Test
    void it_proxies_restarts_on_its_ports_and_leaves_nothing_behind() throws Exception {
        PushpinProcess pushpin = setup().start();
        pushpin.awaitReady("/anything");
        assertThat(get(pushpin.uri().resolve("/x"))).isEqualTo("an ordinary answer");
        pushpin.restart();
        pushpin.awaitReady("/anything");
        assertThat(get(pushpin.controlUri())).contains("Pushpin API");
        URI control = pushpin.controlUri();
        pushpin.close();
        assertThatThrownBy(() -> get(control)).isInstanceOf(IOException.class);
    }

    @Test
    void a_suspended_handler_accepts_connections_but_never_answers() throws Exception {
        try (PushpinProcess pushpin = setup().start()) {
            pushpin.suspendHandler();
            assertThatThrownBy(() -> get(pushpin.controlUri())).isInstanceOf(HttpTimeoutException.class);
            pushpin.resumeHandler();
            assertThat(get(pushpin.controlUri())).contains("Pushpin API");
        }
    }

    @Test
    void two_pushpins_run_side_by_side() throws Exception {
        try (PushpinProcess one = setup().start();
                PushpinProcess other = setup().with("message_rate", "0").start()) {
            assertThat(get(one.controlUri())).isEqualTo(get(other.controlUri()));
        }
    }

    @Test
    void a_setting_that_does_not_exist_is_refused() {
        assertThatThrownBy(() -> setup().with("mesage_rate", "0").start()).hasMessageContaining("mesage_rate");
    }

    private PushpinProcess.Setup setup() {
        return PushpinProcess.before("127.0.0.1:" + origin.getAddress().getPort());
    }

    private String get(URI uri) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(uri)
                                .timeout(Duration.ofSeconds(1))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
