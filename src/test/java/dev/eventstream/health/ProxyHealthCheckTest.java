package dev.eventstream.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import com.codahale.metrics.health.HealthCheck;
import com.google.common.base.Ticker;
import com.sun.net.httpserver.HttpServer;
import dev.eventstream.TestStream;
import dev.eventstream.control.LaneLimits;
import dev.eventstream.control.Proxies;
import dev.eventstream.control.ProxySettings;
import dev.eventstream.control.Transport;
import dev.eventstream.control.http.HttpTransport;
import dev.eventstream.control.zmq.ZmqTransport;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.Heartbeats;
import dev.eventstream.pushpin.GripOrigin;
import dev.eventstream.pushpin.PushpinProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Health checks against a real Pushpin that works, hangs or is down. */
class ProxyHealthCheckTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end_threads() {
        threads.shutdownNow();
    }

    @Test
    void a_pushpin_that_works_is_healthy_over_every_transport() {
        try (PushpinProcess pushpin = pushpin()) {
            assertThat(check(HttpTransport.to(pushpin.controlUri())).getMessage())
                    .isEqualTo("control port " + pushpin.controlUri()
                            + " answers as Pushpin does; 0 event(s) and 0 hint(s) wait");
            Transport push = ZmqTransport.push(pushpin.pullUri()).withCommand(pushpin.commandUri());
            assertThat(check(push).getMessage()).contains("answers commands");
            HealthCheck.Result unknown = check(ZmqTransport.pub(pushpin.subUri()));
            assertThat(unknown.isHealthy()).isTrue();
            assertThat(unknown.getMessage()).contains("whether it works cannot be known without commandUri");
        }
    }

    @Test
    void a_pushpin_that_hangs_is_unhealthy_although_it_accepts_connections() {
        try (PushpinProcess pushpin = pushpin()) {
            pushpin.suspendHandler();
            for (Transport transport : List.of(
                    HttpTransport.to(pushpin.controlUri()),
                    ZmqTransport.push(pushpin.pullUri()).withCommand(pushpin.commandUri()))) {
                long start = System.nanoTime();
                HealthCheck.Result result = check(transport);
                assertThat(result.isHealthy()).isFalse();
                assertThat(result.getMessage()).contains("within 2000 ms").contains("eventStream.grip.proxies");
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
            }
        }
    }

    @Test
    void a_pushpin_that_is_down_is_unhealthy() {
        PushpinProcess pushpin = pushpin();
        pushpin.close();
        assertThat(check(HttpTransport.to(pushpin.controlUri())).getMessage()).contains("refuses the connection");
        assertThat(check(ZmqTransport.push(pushpin.pullUri())).getMessage()).contains("accepts no connection");
    }

    @Test
    void something_else_on_the_port_is_unhealthy() throws Exception {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        other.start();
        try {
            URI uri = URI.create("http://127.0.0.1:" + other.getAddress().getPort());
            assertThat(check(HttpTransport.to(uri)).getMessage()).contains("answers 200, not 200 \"Pushpin API\"");
            assertThat(check(HttpTransport.to(uri).unprobed()).isHealthy()).isTrue();
        } finally {
            other.stop(0);
        }
    }

    @Test
    void a_lane_that_fails_is_unhealthy_whatever_the_port_answers() throws Exception {
        PushpinProcess pushpin = pushpin();
        pushpin.close();
        HttpTransport transport = HttpTransport.to(pushpin.controlUri()).unprobed();
        String message = withProxies(transport, proxies -> {
            var unused =
                    proxies.announce(List.of(Event.stored(NewEvent.text("a", "m", "secret"), new EventId("e", 1))));
            ProxyHealthCheck check = new ProxyHealthCheck(proxies.health().get(0));
            await().until(() -> !check.execute().isHealthy());
            return check.execute().getMessage();
        });
        assertThat(message)
                .contains("attempt(s) to send failed in 0 s, the last because it refuses the connection")
                .doesNotContain("secret");
    }

    @Test
    void a_lane_that_does_not_run_is_unhealthy() {
        Proxies stopped = proxies(new ProxySettings(
                "p", HttpTransport.to(URI.create("http://127.0.0.1:1")).unprobed()));
        ProxyHealthCheck check = new ProxyHealthCheck(stopped.health().get(0));
        assertThat(check.name()).isEqualTo("eventstream-proxy-p");
        assertThat(check.execute().getMessage()).contains("the lane does not run");
    }

    // ---- delivery

    @Test
    void an_event_that_arrives_is_healthy_and_timed_and_a_lost_one_is_unhealthy() throws Exception {
        try (GripOrigin origin = GripOrigin.start();
                PushpinProcess pushpin = PushpinProcess.before(origin.address())
                        .start()
                        .awaitReady(GripOrigin.path("nobody", "live-ready"))) {
            URI stream = GripOrigin.through(pushpin, GripOrigin.path("nobody", "live-check"));
            withProxies(HttpTransport.to(pushpin.controlUri()), proxies -> {
                DeliveryHealthCheck check = delivery(stream, proxies);
                for (int i = 0; i < 3; i++) {
                    assertThat(check.execute().getMessage())
                            .matches(
                                    "an event took \\d+ ms from here through http://127.0.0.1:\\d+ to a client, sent \\d time.*");
                    assertThat(check.execute().isHealthy()).isTrue();
                }
                return "";
            });
            DeliveryHealthCheck silent = new DeliveryHealthCheck(
                    "p",
                    stream,
                    text -> {},
                    Duration.ofSeconds(2),
                    "eventStream.x",
                    Ticker.systemTicker(),
                    new Timer());
            assertThat(silent.name()).isEqualTo("eventstream-delivery-p");
            assertThat(silent.execute().isHealthy()).isFalse();
            assertThat(silent.execute().getMessage())
                    .contains("none came within 2000 ms", "eventstream-proxy-p", "eventStream.x");
            try (TestStream after = TestStream.open(stream).awaitEvent("stream-open")) {
                assertThat(after.hasEnded()).isFalse();
            }
        }
    }

    @Test
    void a_delivery_check_reports_the_answer_that_it_got_instead_of_a_stream() throws Exception {
        try (GripOrigin origin = GripOrigin.start()) {
            URI noStream = URI.create("http://" + origin.address() + "/nothing");
            assertThat(delivery(noStream).execute().getMessage()).contains("answered 404");
            URI noHold = URI.create("http://" + origin.address() + GripOrigin.path("nobody", "live-x"));
            assertThat(delivery(noHold).execute().getMessage()).contains("the stream ended");
        }
        PushpinProcess pushpin = pushpin();
        pushpin.close();
        assertThat(delivery(pushpin.uri()).execute().getMessage()).contains("ConnectException");
    }

    @Test
    void a_stream_that_the_proxy_drops_right_after_accepting_it_is_opened_once_more() throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            URI stream = URI.create("http://127.0.0.1:" + proxy.getLocalPort() + "/");
            CompletableFuture<Socket> second =
                    CompletableFuture.supplyAsync(() -> dropOneAndOpenAnother(proxy), threads);
            DeliveryHealthCheck check = new DeliveryHealthCheck(
                    "p",
                    stream,
                    text -> write(second.join(), chunk("data: " + text + "\n\n")),
                    Duration.ofSeconds(20),
                    "eventStream.x",
                    Ticker.systemTicker(),
                    new Timer());

            assertThat(check.execute().getMessage()).startsWith("an event took ");
            second.join().close();
        }
    }

    private static Socket dropOneAndOpenAnother(ServerSocket proxy) {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        try {
            try (Socket first = accept(proxy)) {
                write(first, head);
            }
            Socket second = accept(proxy);
            write(second, head + chunk("event: stream-open\ndata: {}\n\n"));
            return second;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Accepts a connection and reads its request. */
    private static Socket accept(ServerSocket proxy) throws IOException {
        Socket client = proxy.accept();
        int blank = 0;
        while (blank < 4) {
            int read = client.getInputStream().read();
            blank = read == '\r' || read == '\n' ? blank + 1 : 0;
        }
        return client;
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static void write(Socket client, String text) {
        try {
            client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DeliveryHealthCheck delivery(URI stream) {
        return new DeliveryHealthCheck(
                "p", stream, text -> {}, Duration.ofSeconds(2), "eventStream.x", Ticker.systemTicker(), new Timer());
    }

    private static DeliveryHealthCheck delivery(URI stream, Proxies proxies) {
        return new DeliveryHealthCheck(
                "p",
                stream,
                text -> {
                    var unused = proxies.announce(List.of(Event.unstored(NewEvent.text("live-check", "check", text))));
                },
                Duration.ofSeconds(10),
                "eventStream.x",
                Ticker.systemTicker(),
                new Timer());
    }

    private static PushpinProcess pushpin() {
        return PushpinProcess.before("127.0.0.1:1").start();
    }

    private HealthCheck.Result check(Transport transport) {
        return withProxies(transport, proxies -> {
            ProxyHealthCheck check = new ProxyHealthCheck(proxies.health().get(0));
            await().until(() -> proxies.health().get(0).lane().isRunning());
            return check.execute();
        });
    }

    private <T> T withProxies(Transport transport, Function<Proxies, T> action) {
        LaneLimits limits = new LaneLimits(
                10, 1_000_000, 10, 10_000, Duration.ZERO, Duration.ofSeconds(30), Duration.ofMillis(200));
        Proxies proxies = proxies(new ProxySettings("p", transport).withLimits(limits));
        proxies.start(threads);
        try {
            return action.apply(proxies);
        } finally {
            stop(proxies);
        }
    }

    private static Proxies proxies(ProxySettings settings) {
        MetricRegistry metrics = new MetricRegistry();
        Ticker ticker = Ticker.systemTicker();
        return new Proxies(List.of(settings), false, metrics, new Heartbeats(ticker, metrics), ticker);
    }

    private static void stop(Proxies proxies) {
        try {
            proxies.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
