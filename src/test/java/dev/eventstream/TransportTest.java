package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.network.HaProxy;
import dev.eventstream.network.Nginx;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams over what may lie between a node and a browser: HTTP/2, TLS, compression, and proxies that close silent connections. */
class TransportTest {
    private static final String CONNECTOR = "server.applicationConnectors[0].";
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final String PASSWORD = "password-of-the-tests";

    @TempDir
    Path directory;

    @Test
    void over_http_2_a_stream_that_is_not_read_delays_none_of_those_on_the_same_connection() throws Exception {
        TestServer server = new TestServer(CONNECTOR + "type=h2c");
        server.start();
        HttpClient client = HttpClient.newBuilder().version(Version.HTTP_2).build();
        try (TestStream first = stream(client, server, "small").awaitOpen()) {
            assertThat(first.version()).isEqualTo(Version.HTTP_2);
            // JDK's client has a window of 16 MB for a stream
            try (InputStream unread = unread(client, server, "large");
                    TestStream second = stream(client, server, "small").awaitOpen()) {
                IntStream.range(0, 200).forEach(i -> server.events().send("large", "message", "x".repeat(100_000)));
                server.events().send("small", "message", 1);
                first.awaitMessages(1);
                second.awaitMessages(1);
                assertThat(unread.available()).isPositive();
                assertThat(server.openStreams()).isEqualTo(3);
            }
            // the client resets two streams and keeps the connection
            await().until(() -> server.openStreams() == 1);
            server.events().send("small", "message", 2);
            first.awaitMessages(2);
            server.stop();
            first.awaitEnd();
            assertThat(first.text()).containsPattern("retry: [0-9]+\n\n$");
        } finally {
            server.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({"https,HTTP_1_1", "h2,HTTP_2"})
    void over_tls_events_arrive_and_a_client_that_leaves_is_noticed(String connector, Version version)
            throws Exception {
        Path keys = newKeys();
        TestServer server = new TestServer(
                CONNECTOR + "type=" + connector,
                CONNECTOR + "keyStorePath=" + keys,
                CONNECTOR + "keyStorePassword=" + PASSWORD);
        server.start();
        HttpClient client = HttpClient.newBuilder().sslContext(trusting(keys)).build();
        try {
            URI uri = URI.create("https://localhost:" + server.port() + "/events?channel=secret");
            try (TestStream stream = TestStream.open(client, uri).awaitOpen()) {
                assertThat(stream.version()).isEqualTo(version);
                server.events().send("secret", "message", 1);
                stream.awaitMessages(1);
                assertThat(server.openStreams()).isEqualTo(1);
            }
            await().until(() -> server.openStreams() == 0);
        } finally {
            server.stop();
        }
    }

    @Test
    void a_stream_is_not_compressed_even_if_the_server_compresses_every_type() throws Exception {
        TestServer server =
                new TestServer("server.gzip.excludedMimeTypes=text/none", "server.gzip.minimumEntitySize=1B");
        server.start();
        try (TestStream stream =
                server.stream("/events?channel=zip", "Accept-Encoding", "gzip").awaitOpen()) {
            assertThat(stream.header("Content-Encoding")).isEqualTo("identity");
            server.events().send("zip", "message", 1);
            stream.awaitMessages(1);
        } finally {
            server.stop();
        }
    }

    @Test
    void a_quiet_stream_outlives_a_connector_that_expects_much_data() throws Exception {
        TestServer server = new TestServer(
                "eventStream.keepAlive=1s",
                CONNECTOR + "minResponseDataPerSecond=1KiB",
                CONNECTOR + "minRequestDataPerSecond=1KiB");
        server.start();
        try (TestStream stream = server.stream("/events?channel=quiet").awaitOpen()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> keepAlives(stream) >= 3);
            server.events().send("quiet", "message", 1);
            stream.awaitMessages(1);
        } finally {
            server.stop();
        }
    }

    @Test
    void nginx_as_it_is_installed_passes_events_on_at_once_and_keeps_silent_streams_open() throws Exception {
        TestServer server = new TestServer("eventStream.keepAlive=1s");
        server.start();
        try (Nginx nginx = Nginx.before(List.of(server.port()), SILENCE)) {
            assertPassesStreams(nginx.port(), server);
        } finally {
            server.stop();
        }
    }

    @Test
    void haproxy_passes_events_on_at_once_and_keeps_silent_streams_open() throws Exception {
        TestServer server = new TestServer("eventStream.keepAlive=1s");
        server.start();
        try (HaProxy balancer = HaProxy.before(server.port(), SILENCE)) {
            assertPassesStreams(balancer.port(), server);
        } finally {
            server.stop();
        }
    }

    /** Reads streams through a proxy that closes silent connections, and stops the server. */
    private static void assertPassesStreams(int proxy, TestServer server) throws Exception {
        String[] headers = {"Accept-Encoding", "gzip"};
        try (TestStream stream =
                TestStream.open(proxy, "/events?channel=far", headers).awaitOpen()) {
            server.events().send("far", "message", 1);
            stream.awaitMessages(1);
            long keepAlives = 3 * SILENCE.toSeconds();
            await().atMost(Duration.ofSeconds(30)).until(() -> keepAlives(stream) >= keepAlives);
            server.events().send("far", "message", 2);
            stream.awaitMessages(2);
        }
        await().until(() -> server.openStreams() == 0);
        try (TestStream stream =
                TestStream.open(proxy, "/events?channel=far", headers).awaitOpen()) {
            server.stop();
            stream.awaitEnd();
            assertThat(stream.text()).containsPattern("retry: [0-9]+\n\n$");
        }
    }

    private static long keepAlives(TestStream stream) {
        return stream.events().stream()
                .filter(event -> event.type().equals("keep-alive"))
                .count();
    }

    private static TestStream stream(HttpClient client, TestServer server, String channel) {
        return TestStream.open(client, uri(server, channel));
    }

    private static InputStream unread(HttpClient client, TestServer server, String channel) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(uri(server, channel)).build(), HttpResponse.BodyHandlers.ofInputStream())
                .body();
    }

    private static URI uri(TestServer server, String channel) {
        return URI.create("http://localhost:" + server.port() + "/events?channel=" + channel);
    }

    private Path newKeys() throws Exception {
        Path keys = directory.resolve("keys.p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                keys.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                "node",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost");
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return keys;
    }

    private static SSLContext trusting(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("node", store.getCertificate("node"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
