package dev.eventstream.grip;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.eventstream.grip.key.VerifyKey;
import dev.eventstream.pushpin.PushpinProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signatures of a real Pushpin. */
class SignatureWithPushpinTest {
    private static final TrustedProxy SHARED =
            new TrustedProxy("shared", VerifyKey.parse("a-key-of-the-tests-which-is-no-secret"), "pushpin");
    private static final TrustedProxy PAIR = new TrustedProxy("pair", VerifyKey.parse(Tokens.PUBLIC_PEM), "pushpin");

    private final BlockingQueue<List<String>> signatures = new LinkedBlockingQueue<>();
    private HttpServer origin;

    @TempDir
    private Path directory;

    @BeforeEach
    void start_origin() throws IOException {
        origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        origin.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/signed")) {
                signatures.add(exchange.getRequestHeaders().getOrDefault("Grip-Sig", List.of()));
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        origin.start();
    }

    @AfterEach
    void stop_origin() {
        origin.stop(0);
    }

    private PushpinProcess.Setup setup() {
        return PushpinProcess.before("127.0.0.1:" + origin.getAddress().getPort());
    }

    private GripSignature signatureOf(PushpinProcess.Setup setup, TrustedProxy... proxies) throws Exception {
        try (PushpinProcess pushpin = setup.start().awaitReady("/ready")) {
            HttpRequest request = HttpRequest.newBuilder(pushpin.uri().resolve("/signed"))
                    .header("Grip-Sig", "a client's own, which Pushpin removes")
                    .timeout(Duration.ofSeconds(10))
                    .build();
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
        }
        return new GripSigVerifier(List.of(proxies), Clock.systemUTC()).check(signatures.remove());
    }

    @Test
    void a_pushpin_with_its_default_secret_is_recognised() throws Exception {
        assertThat(signatureOf(setup(), PAIR, SHARED)).isEqualTo(new GripSignature.By("shared"));
    }

    @Test
    void a_pushpin_with_a_key_pair_is_recognised() throws Exception {
        Path pem = Files.writeString(directory.resolve("ec.pem"), Tokens.PRIVATE_PEM, StandardCharsets.UTF_8);

        assertThat(signatureOf(setup().with("sig_key", "file:" + pem), SHARED, PAIR))
                .isEqualTo(new GripSignature.By("pair"));
    }

    @Test
    void a_pushpin_with_a_binary_key_and_an_issuer_for_one_route_is_recognised() throws Exception {
        TrustedProxy route = new TrustedProxy("route", VerifyKey.parse("base64:AQID"), "one");
        PushpinProcess.Setup setup =
                setup().withRouteParameter("sig_iss=one").withRouteParameter("sig_key=base64:AQID");

        assertThat(signatureOf(setup, SHARED, route)).isEqualTo(new GripSignature.By("route"));
    }

    @Test
    void a_pushpin_without_a_key_signs_with_an_empty_one_and_proves_nothing() throws Exception {
        assertThat(signatureOf(setup().with("sig_key", ""), SHARED, PAIR)).isInstanceOf(GripSignature.Refused.class);
    }

    @Test
    void a_pushpin_without_a_key_can_be_trusted_nevertheless() throws Exception {
        assertThat(signatureOf(setup().with("sig_key", ""), SHARED, new TrustedProxy("open", null, null)))
                .isEqualTo(new GripSignature.By("open"));
    }

    @Test
    void a_pushpin_with_another_key_is_refused() throws Exception {
        assertThat(signatureOf(setup().with("sig_key", "changed"), SHARED, PAIR))
                .isInstanceOf(GripSignature.Refused.class);
    }
}
