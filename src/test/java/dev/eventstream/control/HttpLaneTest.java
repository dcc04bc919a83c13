package dev.eventstream.control;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.control.ScriptedControlPort.Received;
import dev.eventstream.control.ScriptedControlPort.Reply;
import dev.eventstream.control.http.HttpTransport;
import dev.eventstream.event.Event;
import dev.eventstream.loop.SettableTicker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpLaneTest {
    /** The longest body that Pushpin accepts ({@code push_in_max_body_size}). */
    private static final int MAX_BODY_BYTES = 1_000_000;

    private final Socket reserved = new Socket();
    private ScriptedControlPort port;

    @BeforeEach
    void open_ports() throws IOException {
        reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        port = new ScriptedControlPort();
    }

    @AfterEach
    void close_ports() throws IOException {
        port.close();
        reserved.close();
    }

    // ---- requests

    @Test
    void an_event_is_posted_with_a_length_and_the_credentials() throws Exception {
        HttpTransport transport = HttpTransport.to(
                new ControlAccess(URI.create(port.uri() + "/service/1/?x=y"), ControlCredentials.bearer("token")));
        try (TestLanes lanes = TestLanes.to(transport, TestLanes.QUICK)) {
            lanes.announce("1").get(10, SECONDS);
        }
        assertThat(port.requests()).hasSize(1);
        Received request = port.requests().get(0);
        assertThat(request.path()).isEqualTo("/service/1/publish/?x=y");
        assertThat(request.authorization()).isEqualTo("Bearer token");
        assertThat(request.coding()).isEmpty();
        assertThat(request.length())
                .isEqualTo(Integer.toString(request.body().length()))
                .isNotEmpty();
        assertThat(request.body()).isEqualTo("""
                        {"items":[{"channel":"events-a","id":"e1-1","prev-id":"0-0","formats":{"http-stream":{\
                        "content":"id: %I\\nevent: message\\ndata: 1\\n\\n","content-filters":["build-id"]}}}]}""");
    }

    @Test
    void events_that_arrive_during_a_request_are_sent_with_the_next_one() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        port.replies(request -> {
            awaitLatch(release);
            return Reply.of(200);
        });
        try (TestLanes lanes = TestLanes.to(http(), TestLanes.QUICK.withBatch(3, 500_000))) {
            CompletableFuture<Void> first = lanes.announce("1");
            await().until(() -> lanes.status().queuedEvents() == 0);
            CompletableFuture<Void> more = lanes.announce("2", "3", "4", "5");
            assertThat(lanes.status().queuedEvents()).isEqualTo(4);
            release.countDown();
            CompletableFuture.allOf(first, more).get(10, SECONDS);
            assertThat(lanes.metrics()
                            .histogram("eventstream.proxy.test.batch-size")
                            .getSnapshot()
                            .getMax())
                    .isEqualTo(3);
        }
        assertThat(port.requests())
                .extracting(request -> request.items().size())
                .containsExactly(1, 3, 1);
    }

    @Test
    void ten_thousand_events_arrive_once_and_in_order() throws Exception {
        try (TestLanes lanes = TestLanes.to(http(), TestLanes.QUICK)) {
            List<CompletableFuture<Void>> sent = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                sent.add(lanes.announce(
                        IntStream.range(0, 10).mapToObj(Integer::toString).toArray(String[]::new)));
            }
            CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new)).get(60, SECONDS);
            assertThat(lanes.metrics().meter("eventstream.proxy.test.sent").getCount())
                    .isEqualTo(10_000);
        }
        assertThat(port.items())
                .extracting(item -> item.path("id").textValue())
                .isEqualTo(IntStream.rangeClosed(1, 10_000)
                        .mapToObj(i -> "e1-" + i)
                        .toList());
        assertThat(port.requests()).allSatisfy(request -> {
            assertThat(request.body().length()).isLessThanOrEqualTo(MAX_BODY_BYTES);
            assertThat(request.items().size()).isLessThanOrEqualTo(500);
        });
    }

    @Test
    void two_requests_are_at_least_the_minimum_interval_apart() throws Exception {
        Duration distance = Duration.ofMillis(60);
        try (TestLanes lanes = TestLanes.to(http(), LaneLimits.DEFAULT.withMinInterval(distance))) {
            CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
            for (int i = 0; i < 5; i++) {
                last = lanes.announce(Integer.toString(i));
                int count = i + 1;
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> port.items().size() == count);
            }
            last.get(10, SECONDS);
        }
        List<Received> requests = port.requests();
        assertThat(requests.get(4).atNanos() - requests.get(0).atNanos())
                .isGreaterThan(distance.multipliedBy(4).minusMillis(20).toNanos());
    }

    // ---- failures

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429, 411, 404, 301, 401, 403, Reply.BREAK})
    void a_request_that_fails_is_repeated_with_the_same_ids(int status) throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        port.replies(request -> Reply.of(attempts.incrementAndGet() <= 2 ? status : 200));
        try (TestLanes lanes = TestLanes.to(http(), TestLanes.QUICK)) {
            lanes.announce("1", "2").get(20, SECONDS);
            await().until(() -> !lanes.status().isFailing());
            assertThat(lanes.metrics().meter("eventstream.proxy.test.failed").getCount())
                    .isEqualTo(2);
            assertThat(lanes.metrics().meter("eventstream.proxy.test.retried").getCount())
                    .isEqualTo(2);
        }
        assertThat(port.requests())
                .hasSize(3)
                .extracting(Received::body)
                .containsOnly(port.requests().get(0).body());
    }

    @Test
    void a_request_to_a_hanging_proxy_ends_within_the_timeout_and_is_repeated() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        port.replies(request -> Reply.of(attempts.incrementAndGet() == 1 ? Reply.HANG : 200));
        HttpTransport transport = http().withTimeouts(Duration.ofSeconds(1), Duration.ofMillis(300));
        try (TestLanes lanes = TestLanes.to(transport, TestLanes.QUICK)) {
            lanes.announce("1").get(10, SECONDS);
        }
        assertThat(port.items()).hasSize(2);
    }

    @Test
    void refused_credentials_are_reported_to_the_operator() throws Exception {
        port.replies(request -> new Reply(403, "no\nsuch token"));
        try (TestLanes lanes = TestLanes.to(http(), TestLanes.QUICK)) {
            CompletableFuture<Void> sent = lanes.announce("1");
            await().until(() -> lanes.status().isFailing());
            assertThat(lanes.status().summary())
                    .contains("does not accept the credentials: it answers 403 \"no\uFFFDsuch token\"")
                    .contains("0 event(s) and 0 hint(s) wait");
            assertThat(sent).isNotDone();
        }
    }

    @Test
    void a_bad_item_becomes_a_hint_and_the_others_are_sent() throws Exception {
        port.replies(request -> request.body().contains("bad") ? new Reply(400, "Invalid format") : Reply.of(200));
        try (TestLanes lanes = TestLanes.to(http(), TestLanes.QUICK)) {
            lanes.announce("1", "2", "3", "bad", "5", "6", "7").get(20, SECONDS);
            await().until(() -> !hints().isEmpty());
            assertThat(lanes.status().isFailing()).isFalse();
        }
        assertThat(accepted()).containsExactly("e1-1", "e1-2", "e1-3", "e1-5", "e1-6", "e1-7", "");
    }

    @Test
    void a_proxy_that_refuses_everything_does_not_get_each_item_separately() throws Exception {
        port.replies(request -> request.body().contains("content") ? Reply.of(400) : Reply.of(200));
        try (TestLanes lanes = TestLanes.to(http(), TestLanes.QUICK)) {
            lanes.announce(IntStream.range(0, 400).mapToObj(Integer::toString).toArray(String[]::new))
                    .get(30, SECONDS);
            await().until(() -> !hints().isEmpty());
        }
        assertThat(port.requests()).hasSizeLessThan(60);
    }

    @Test
    void a_hint_that_is_refused_is_dropped() throws Exception {
        port.replies(400);
        try (TestLanes lanes = TestLanes.to(http(), TestLanes.QUICK)) {
            lanes.announce("1").get(10, SECONDS);
            await().until(() -> port.requests().size() == 2);
            port.replies(200);
            lanes.announce("2").get(10, SECONDS);
        }
        assertThat(port.items()).extracting(item -> item.path("id").asText()).containsExactly("e1-1", "", "e1-2");
    }

    // ---- repairs

    @Test
    void a_hint_replaces_an_event_that_is_too_long_for_a_request_and_nothing_is_delayed() throws Exception {
        try (TestLanes lanes = TestLanes.to(http(), TestLanes.QUICK)) {
            lanes.announce("%".repeat(600_000)).get(10, SECONDS);
            await().until(() -> port.items().size() == 1);
            lanes.announce("x".repeat(900_000), "y".repeat(900_000), "z").get(10, SECONDS);
            lanes.proxies()
                    .announce(List.of(TestLanes.unstored("typing", "\u0001".repeat(200_000))))
                    .get(10, SECONDS);
            await().until(() -> port.items().size() == 5);
        }
        assertThat(hints()).containsExactly("events-a");
        assertThat(resets()).containsExactly("events-typing");
        assertThat(port.requests())
                .allSatisfy(request -> assertThat(request.body().length()).isLessThanOrEqualTo(MAX_BODY_BYTES));
    }

    @Test
    void a_queue_that_overflows_becomes_one_hint_for_each_channel() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        port.replies(request -> {
            awaitLatch(release);
            return Reply.of(200);
        });
        try (TestLanes lanes = TestLanes.to(http(), TestLanes.QUICK.withQueue(10, 1_000_000))) {
            CompletableFuture<Void> first = lanes.announce("first");
            await().until(() -> lanes.status().queuedEvents() == 0);
            CompletableFuture<Void> unstored = lanes.proxies().announce(List.of(TestLanes.unstored("typing", "t")));
            List<CompletableFuture<Void>> late = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                late.add(lanes.announce("late"));
            }
            unstored.get(10, SECONDS);
            late.get(98).get(10, SECONDS);
            // its row must remind other nodes of the hint until the proxy has it
            assertThat(late.get(99)).isNotDone();
            assertThat(first).isNotDone();
            assertThat(lanes.status().queuedEvents()).isZero();
            assertThat(lanes.status().queuedRepairs()).isEqualTo(2);
            release.countDown();
            first.get(10, SECONDS);
            late.get(99).get(10, SECONDS);
            assertThat(port.items()).hasSize(3);
            lanes.announce("after").get(10, SECONDS);
        }
        assertThat(hints()).containsExactly("events-a");
        assertThat(resets()).containsExactly("events-typing");
        assertThat(port.items().get(3).path("id").textValue()).isEqualTo("e1-102");
    }

    @Test
    void a_reset_is_sent_once_more_because_a_proxy_may_drop_it_in_a_flood() throws Exception {
        try (TestLanes lanes = TestLanes.to(http(), TestLanes.QUICK)) {
            String tooLong = "\u0001".repeat(200_000);
            lanes.proxies()
                    .announce(List.of(TestLanes.unstored("typing", tooLong)))
                    .get(10, SECONDS);
            await().until(() -> resets().size() == 1);
            await().atMost(Duration.ofSeconds(20)).until(() -> resets().size() == 2);
            await().during(SentResets.DELAY.plusSeconds(1))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> resets().size() == 2);
        }
        assertThat(port.items().get(0)).isNotEqualTo(port.items().get(1));
    }

    @Test
    void a_proxy_that_was_down_for_too_long_gets_hints_when_it_is_back() throws Exception {
        LaneLimits limits = TestLanes.quick(Duration.ofMillis(500), Duration.ofSeconds(3));
        try (TestLanes lanes = TestLanes.to(HttpTransport.to(deadUri()), limits)) {
            lanes.announce("1", "2").get(20, SECONDS);
            assertThat(lanes.status().queuedRepairs() + lanes.status().queuedEvents())
                    .isLessThanOrEqualTo(1);
            lanes.announce("3").get(20, SECONDS);
            assertThat(lanes.status().lastFailure()).isEqualTo("refuses the connection");
        }
    }

    @Test
    void a_dead_or_hanging_proxy_delays_neither_another_one_nor_a_sender() throws Exception {
        try (ScriptedControlPort hanging = new ScriptedControlPort()) {
            hanging.replies(Reply.HANG);
            LaneLimits limits = TestLanes.quick(Duration.ofSeconds(30), Duration.ofMillis(100));
            try (TestLanes lanes = new TestLanes(
                    new ProxySettings("dead", HttpTransport.to(deadUri())).withLimits(limits),
                    new ProxySettings("hanging", HttpTransport.to(hanging.uri())).withLimits(limits),
                    new ProxySettings("alive", http()).withLimits(limits))) {
                CompletableFuture<Void> sent = CompletableFuture.completedFuture(null);
                for (int i = 0; i < 500; i++) {
                    sent = lanes.announce(Integer.toString(i));
                }
                await().until(() -> port.items().size() == 500);
                assertThat(sent).isNotDone();
                assertThat(lanes.proxies().health())
                        .extracting(health -> health.lane().isRunning())
                        .containsOnly(true);
            }
        }
    }

    // ---- kicks

    @Test
    void a_kick_is_sent_at_once_and_again_with_other_ids() throws Exception {
        try (TestLanes lanes = TestLanes.to(http(), TestLanes.QUICK)) {
            lanes.proxies().kick("bob", new ChannelName("a"), "data: bye\n\n".getBytes(StandardCharsets.UTF_8));
            await().until(() -> port.items().size() == 2);
            await().atMost(Duration.ofSeconds(5)).until(() -> port.items().size() == 4);
            await().untilAsserted(() -> assertThat(lanes.metrics()
                            .meter("eventstream.proxy.test.kicks")
                            .getCount())
                    .isEqualTo(4));
        }
        // the repetition that is due after ten seconds is sent when the lane ends
        assertThat(port.items()).hasSize(6);
        assertThat(port.items().stream().map(item -> item.path("id").textValue()))
                .doesNotHaveDuplicates();
        assertThat(port.items().get(4).path("channel").textValue()).isEqualTo("user-bob");
    }

    @Test
    void a_kick_survives_an_overflow_and_is_sent_first() throws Exception {
        port.replies(503);
        LaneLimits limits =
                TestLanes.quick(Duration.ofMillis(300), Duration.ofSeconds(3)).withQueue(5, 1_000_000);
        try (TestLanes lanes = TestLanes.to(http(), limits)) {
            CompletableFuture<Void> unused = lanes.announce("1");
            await().until(() -> lanes.status().isFailing());
            lanes.proxies().kick("bob", new ChannelName("a"), "data: bye\n\n".getBytes(StandardCharsets.UTF_8));
            lanes.announce("2", "3", "4", "5", "6", "7", "8").get(10, SECONDS);
            await().until(() -> lanes.status().failures() > 4);
            List<Received> before = List.copyOf(port.requests());
            port.replies(200);
            await().until(() -> !lanes.status().isFailing());
            Received good = port.requests().stream()
                    .filter(request -> !before.contains(request))
                    .findFirst()
                    .orElseThrow();
            assertThat(good.items().get(0).path("channel").textValue()).isEqualTo("user-bob");
        }
    }

    // ---- shutdown

    @Test
    void waiting_events_are_sent_before_the_lane_stops() throws Exception {
        CompletableFuture<Void> sent;
        try (TestLanes lanes = TestLanes.to(http(), LaneLimits.DEFAULT.withMinInterval(Duration.ofSeconds(1)))) {
            lanes.announce("1").get(10, SECONDS);
            sent = lanes.announce("2", "3");
        }
        assertThat(sent).isCompleted();
        assertThat(port.items()).hasSize(3);
    }

    @Test
    void the_announcement_of_events_that_a_stopping_lane_cannot_send_fails() throws Exception {
        port.replies(Reply.HANG);
        CompletableFuture<Void> first;
        CompletableFuture<Void> second;
        Event late;
        TestLanes lanes = TestLanes.to(http(), TestLanes.quick(Duration.ofSeconds(30), Duration.ofMillis(200)));
        try (lanes) {
            first = lanes.announce("1");
            await().until(() -> lanes.status().queuedEvents() == 0);
            second = lanes.announce("2");
            late = lanes.next("3");
        }
        assertThatThrownBy(() -> first.get(1, SECONDS)).isInstanceOf(ExecutionException.class);
        assertThatThrownBy(() -> second.get(1, SECONDS)).isInstanceOf(ExecutionException.class);
        assertThatThrownBy(() -> lanes.proxies().announce(List.of(late)).get(1, SECONDS))
                .isInstanceOf(ExecutionException.class);
        assertThat(lanes.status().isRunning()).isFalse();
    }

    // ---- settings

    @Test
    void two_proxies_cannot_have_the_same_name() {
        ProxySettings proxy = new ProxySettings("p", http());
        assertThatThrownBy(() -> new TestLanes(proxy, proxy)).hasMessage("two proxies are called p");
        assertThatThrownBy(() -> new TestLanes()).hasMessageContaining("no proxy");
        assertThatThrownBy(() -> new ProxySettings("a b", http())).hasMessageContaining("letters, digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a", "http:///x", "http://user:secret@a", "http://a/#x", "a"})
    void an_address_that_cannot_be_a_control_port_is_refused(String address) {
        assertThatThrownBy(() -> HttpTransport.to(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("secret"));
    }

    @Test
    void an_address_is_shown_without_its_query() {
        assertThat(HttpTransport.to(URI.create("https://api.example.com/service/1?key=secret"))
                        .target())
                .hasToString("https://api.example.com/service/1");
    }

    private HttpTransport http() {
        return HttpTransport.to(port.uri());
    }

    private List<String> accepted() {
        return port.requests().stream()
                .filter(request -> !request.body().contains("bad"))
                .flatMap(request -> request.items().stream())
                .map(item -> item.path("id").asText())
                .toList();
    }

    private List<String> hints() {
        return port.items().stream()
                .filter(item -> format(item).has("action"))
                .map(HttpLaneTest::channel)
                .toList();
    }

    private List<String> resets() {
        return port.items().stream()
                .filter(item -> format(item).path("content").asText().startsWith("event: stream-reset\n"))
                .map(HttpLaneTest::channel)
                .toList();
    }

    private static JsonNode format(JsonNode item) {
        return item.path("formats").path("http-stream");
    }

    private static String channel(JsonNode item) {
        return item.path("channel").textValue();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** An address with a closed port, which no other process gets while the test runs. */
    private URI deadUri() {
        return URI.create("http://127.0.0.1:" + reserved.getLocalPort());
    }

    // ---- errors

    @Test
    void a_lane_survives_an_error_of_its_client_and_sends_the_same_events_with_a_new_one() throws Exception {
        FailingTransport transport = new FailingTransport();
        try (TestLanes lanes = TestLanes.to(transport, TestLanes.QUICK)) {
            transport.failNextPublish(new OutOfMemoryError("injected"));
            CompletableFuture<Void> announced = lanes.announce("1", "2");
            announced.get(10, SECONDS);
            assertThat(transport.published())
                    .extracting(ProxyItem::id)
                    .containsSubsequence("e1-1", "e1-2")
                    .doesNotHaveDuplicates();
            assertThat(transport.opened()).isEqualTo(2);
            assertThat(lanes.metrics()
                            .meter("eventstream.loop.proxy-test.failures")
                            .getCount())
                    .isOne();
            await().until(() -> lanes.troubles().isEmpty());
            assertThat(lanes.status().isFailing()).isFalse();
        }
    }

    @Test
    void a_lane_reports_a_problem_until_its_client_opens() throws Exception {
        FailingTransport transport = new FailingTransport();
        transport.failToOpen(new NoClassDefFoundError("injected"));
        try (TestLanes lanes = TestLanes.to(transport, TestLanes.QUICK)) {
            CompletableFuture<Void> announced = lanes.announce("1");
            await().until(() -> lanes.troubles().containsKey("proxy-test"));
            assertThat(lanes.troubles().get("proxy-test")).contains("NoClassDefFoundError: injected");
            transport.failToOpen(null);
            announced.get(10, SECONDS);
            await().until(() -> lanes.troubles().isEmpty());
        }
    }

    @Test
    void a_client_that_fails_for_too_long_is_treated_like_a_proxy_that_is_down() {
        FailingTransport transport = new FailingTransport();
        transport.failEveryPublish(new StackOverflowError("injected"));
        try (TestLanes lanes =
                TestLanes.to(transport, TestLanes.quick(Duration.ofMillis(300), Duration.ofMillis(100)))) {
            CompletableFuture<Void> announced = lanes.announce("1");
            await().until(() -> lanes.status().queuedRepairs() > 0 || announced.isDone());
            assertThat(lanes.troubles().get("proxy-test")).contains("injected");
            assertThat(lanes.status().lastFailure()).contains("StackOverflowError: injected");
            transport.failEveryPublish(null);
            await().until(() -> transport.published().stream().anyMatch(item -> item.kind() == ProxyItem.Kind.HINT));
        }
    }

    @Test
    void an_unexpected_interrupt_shows_in_the_status_of_the_lane() {
        FailingTransport transport = new FailingTransport();
        try (TestLanes lanes = TestLanes.to(transport, TestLanes.QUICK)) {
            await().until(() -> lanes.status().isRunning());
            transport.interruptNextPublish();
            var unused = lanes.announce("1");
            await().until(() -> !lanes.status().isRunning());
        }
    }

    // ---- quiet channels

    @Test
    void the_last_events_of_a_channel_are_repeated_when_it_goes_quiet() throws Exception {
        SettableTicker ticker = new SettableTicker();
        try (TestLanes lanes = new TestLanes(ticker, new ProxySettings("test", http()).withLimits(TestLanes.QUICK))) {
            lanes.announce("1", "2").get(10, SECONDS);
            ticker.advance(Tails.QUIET);
            await().until(() -> port.items().size() == 4);
            assertThat(port.items())
                    .extracting(item -> item.path("id").asText())
                    .containsExactly("e1-1", "e1-2", "e1-1", "e1-2");
            assertThat(port.items().get(2)).isEqualTo(port.items().get(0));
            ticker.advance(Tails.QUIET.multipliedBy(3));
            lanes.announce("3").get(10, SECONDS);
            assertThat(port.items()).hasSize(5);
            assertThat(lanes.metrics().meter("eventstream.proxy.test.repeated").getCount())
                    .isEqualTo(2);
            assertThat(lanes.metrics().meter("eventstream.proxy.test.sent").getCount())
                    .isEqualTo(3);
        }
    }

    @Test
    void a_channel_that_ended_in_a_burst_is_hinted_when_it_goes_quiet() throws Exception {
        SettableTicker ticker = new SettableTicker();
        try (TestLanes lanes = new TestLanes(ticker, new ProxySettings("test", http()).withLimits(TestLanes.QUICK))) {
            lanes.announce(IntStream.range(0, Tails.BURST_ITEMS)
                            .mapToObj(Integer::toString)
                            .toArray(String[]::new))
                    .get(10, SECONDS);
            ticker.advance(Tails.QUIET);
            await().until(() -> port.items().size() == Tails.BURST_ITEMS + 1);
            assertThat(port.items()
                            .get(Tails.BURST_ITEMS)
                            .at("/formats/http-stream/action")
                            .asText())
                    .isEqualTo("hint");
        }
    }
}
