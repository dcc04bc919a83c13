package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.Logged;
import dev.eventstream.RawHttp;
import dev.eventstream.RawHttp.Answer;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits for each principal and address: the test is a trusted proxy that states the addresses of its clients. */
class StreamAdmissionTest {
    private static final String TRUST_THIS_MACHINE = "clientAddress: {trustedProxies: [127.0.0.0/8, '::1']}";

    private static String from(String address) {
        return "X-Forwarded-For: " + address;
    }

    private static TestStream open(TestServer server, String channel, String address, String... more) {
        List<String> headers = new ArrayList<>(List.of("X-Forwarded-For", address));
        headers.addAll(List.of(more));
        return server.stream("/events?channel=" + channel, headers.toArray(String[]::new));
    }

    private static void assertRefused(Answer answer, String key) {
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).matches("[6-9]|[12][0-9]|30");
        assertThat(answer.body()).endsWith("(" + key + "); try again later.\n");
    }

    @Nested
    class With_small_limits {
        @RegisterExtension
        static final TestServer SERVER = TestServer.withMore(
                TRUST_THIS_MACHINE,
                "eventStream.limits.streamsPerAddress=3",
                "eventStream.limits.streamsPerPrincipal=2",
                "eventStream.limits.channelSetsPerAddress=2");

        private final List<TestStream> streams = new ArrayList<>();

        private TestStream opened(String channel, String address, String... more) {
            TestStream stream = open(SERVER, channel, address, more);
            streams.add(stream);
            return stream.awaitOpen();
        }

        private Answer get(String channel, String... headerLines) throws Exception {
            return RawHttp.get(SERVER.port(), "/events?channel=" + channel, headerLines);
        }

        private int addresses() {
            return SERVER.gauged("eventstream.streams.addresses");
        }

        @BeforeEach
        void awaitNothing() {
            await().until(() -> SERVER.openStreams() == 0 && addresses() == 0);
        }

        @AfterEach
        void close() {
            streams.forEach(TestStream::close);
        }

        @Test
        void an_address_has_so_many_streams_and_others_are_unaffected() throws Exception {
            for (int i = 0; i < 3; i++) {
                opened("a", "203.0.113.1");
            }
            long refused = SERVER.metered("eventstream.refused.streams-per-address");

            assertRefused(get("a", from("203.0.113.1")), "eventStream.limits.streamsPerAddress");
            assertThat(open(SERVER, "a", "203.0.113.1").awaitEnd().text())
                    .contains("\"condition\":\"too-many-streams\"")
                    .doesNotContain("id:");
            assertThat(SERVER.metered("eventstream.refused.streams-per-address"))
                    .isEqualTo(refused + 2);
            opened("a", "203.0.113.2");
            assertThat(streams).noneMatch(TestStream::hasEnded);

            streams.get(0).close();
            await().until(() -> SERVER.openStreams() == 3);
            opened("a", "203.0.113.1");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "198.51.100.99, 203.0.113.1",
                    "unknown,203.0.113.1",
                    "for=\"[::1\",  203.0.113.1:1234",
                    "2001:db8::1, , 203.0.113.1",
                })
        void a_client_cannot_take_another_address(String forged) throws Exception {
            for (int i = 0; i < 3; i++) {
                opened("a", "203.0.113.1");
            }
            assertRefused(get("a", from(forged)), "eventStream.limits.streamsPerAddress");
            assertRefused(get("a", from("198.51.100.98"), from("203.0.113.1")), "eventStream.limits.streamsPerAddress");
        }

        @Test
        void an_ipv6_client_has_one_address_in_all_of_its_network() throws Exception {
            for (int i = 0; i < 3; i++) {
                opened("a", "2001:db8:0:7::" + i);
            }
            assertRefused(get("a", from("2001:db8:0:7:ffff::1")), "eventStream.limits.streamsPerAddress");
            opened("a", "2001:db8:0:8::1");
        }

        @Test
        void a_principal_has_so_many_streams_wherever_they_come_from() throws Exception {
            opened("a", "203.0.113.1", "Authorization", TestServer.basic("ann"));
            opened("b", "203.0.113.2", "Authorization", TestServer.basic("ann"));

            assertRefused(
                    get("c", from("203.0.113.3"), "Authorization: " + TestServer.basic("ann")),
                    "eventStream.limits.streamsPerPrincipal");
            opened("c", "203.0.113.3", "Authorization", TestServer.basic("bob"));
            opened("c", "203.0.113.3");
        }

        @Test
        void anonymous_readers_at_an_address_have_so_many_sets_of_channels() throws Exception {
            opened("a", "203.0.113.1");
            opened("b", "203.0.113.1");

            assertRefused(get("c", from("203.0.113.1")), "eventStream.limits.channelSetsPerAddress");
            assertRefused(get("a&channel=b", from("203.0.113.1")), "eventStream.limits.channelSetsPerAddress");
            opened("b&channel=b", "203.0.113.1");
            opened("c", "203.0.113.2");
        }

        @Test
        void the_same_channel_with_other_types_of_events_is_another_set() throws Exception {
            for (String type : List.of("x", "y", "y")) {
                TestStream stream = SERVER.stream("/typed/a?type=" + type, "X-Forwarded-For", "203.0.113.1");
                streams.add(stream.awaitOpen());
            }
            streams.get(2).close();
            await().until(() -> SERVER.openStreams() == 2);

            for (String path : List.of("/typed/a?type=z", "/typed/a?type=x&type=y", "/typed/a")) {
                assertRefused(
                        RawHttp.get(SERVER.port(), path, from("203.0.113.1")),
                        "eventStream.limits.channelSetsPerAddress");
            }
        }

        @Test
        void requests_that_open_no_stream_occupy_nothing() throws Exception {
            for (int i = 0; i < 20; i++) {
                assertThat(get("secret-1", from("203.0.113.1")).body()).contains("forbidden");
                assertThat(get("", from("203.0.113.1")).body()).contains("bad-request");
                assertThat(get("broken-1", from("203.0.113.1")).body()).contains("internal-error");
                assertThat(get("a", from("203.0.113.1"), "Authorization: Basic wrong")
                                .status())
                        .isEqualTo(401);
                assertThat(get("a", from("203.0.113.1"), "Cookie: session=throw")
                                .body())
                        .contains("internal-error");
                assertThat(get("a", from("203.0.113.1"), "Accept: text/html").status())
                        .isEqualTo(406);
                assertThat(get("a", from("203.0.113.1"), "Last-Event-ID: error").status())
                        .isEqualTo(400);
            }
            await().until(() -> addresses() == 0);
        }

        @Test
        void clients_that_vanish_occupy_nothing() throws Exception {
            for (int i = 0; i < 30; i++) {
                try (RawHttp client = new RawHttp(SERVER.port())) {
                    client.send(RawHttp.request("GET", "/events?channel=a", from("203.0.113.1")));
                    if (i % 2 == 0) {
                        client.readUntil("\r\n\r\n");
                    }
                }
            }
            await().until(() -> SERVER.openStreams() == 0 && addresses() == 0);
            opened("a", "203.0.113.1");
        }
    }

    @Nested
    class With_low_rates {
        @RegisterExtension
        static final TestServer SERVER =
                TestServer.withMore(TRUST_THIS_MACHINE, "eventStream.limits.newStreamsPerSecondPerAddress=1");

        @Test
        void an_address_that_opens_too_many_streams_is_refused_and_others_are_not() throws Exception {
            Answer answer;
            int opened = 0;
            do {
                try (TestStream stream = open(SERVER, "a", "203.0.113.1")) {
                    opened++;
                    stream.awaitEvent(event -> event.type().startsWith("stream-"));
                }
                answer = RawHttp.get(SERVER.port(), "/events?channel=secret-1", from("203.0.113.1"));
            } while (answer.status() == 200 && opened < 1_000);

            assertRefused(answer, "eventStream.limits.newStreamsPerSecondPerAddress");
            open(SERVER, "a", "203.0.113.2").awaitOpen().close();
        }
    }

    @Nested
    class With_few_feeds {
        @RegisterExtension
        static final TestServer SERVER = new TestServer("eventStream.limits.feeds=2");

        @Test
        void channels_beyond_the_limit_are_refused_until_others_are_forgotten() throws Exception {
            try (TestStream both = SERVER.stream("/events?channel=a&channel=b").awaitOpen();
                    TestStream again = SERVER.stream("/events?channel=b").awaitOpen();
                    TestStream unstored =
                            SERVER.stream("/events?channel=unstored-1").awaitOpen()) {
                Answer answer = RawHttp.get(SERVER.port(), "/events?channel=c");

                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.body())
                        .isEqualTo(
                                "This node cannot follow more channels (eventStream.limits.feeds); try again later.\n");
                assertThat(both.hasEnded() || again.hasEnded() || unstored.hasEnded())
                        .isFalse();
            }
        }
    }

    @Nested
    class With_one_start_at_a_time {
        @RegisterExtension
        static final TestServer SERVER = new TestServer("eventStream.limits.startsAtOnce=1");

        private final CountDownLatch isDecided = new CountDownLatch(1);

        @BeforeEach
        void occupy() {
            SERVER.service().slow.put("slow", isDecided);
        }

        @AfterEach
        void release() {
            isDecided.countDown();
        }

        private CompletableFuture<TestStream> opening(String channel) {
            return CompletableFuture.supplyAsync(
                    () -> SERVER.stream("/events?channel=" + channel).awaitOpen());
        }

        private CompletableFuture<TestStream> beginSlowly() {
            int before = SERVER.service().requests.size();
            CompletableFuture<TestStream> slow = opening("slow");
            await().until(() -> SERVER.service().requests.size() > before);
            return slow;
        }

        @Test
        void another_request_for_a_stream_waits_for_its_turn_and_other_requests_do_not() throws Exception {
            CompletableFuture<TestStream> slow = beginSlowly();
            CompletableFuture<TestStream> next = opening("a");
            await().until(() -> waiting() == 1);

            assertThat(RawHttp.get(SERVER.port(), "/unknown").status()).isEqualTo(404);
            assertThat(next).isNotDone();
            isDecided.countDown();
            slow.get(1, TimeUnit.MINUTES).close();
            next.get(1, TimeUnit.MINUTES).close();
            assertThat(waiting()).isZero();
        }

        @Test
        void a_request_that_has_waited_for_ten_seconds_is_refused() throws Exception {
            CompletableFuture<TestStream> unused = beginSlowly();
            assertThat(SERVER.stream("/events?channel=a").awaitEnd().text())
                    .contains("\"condition\":\"busy\"", "(eventStream.limits.startsAtOnce); try again later.")
                    .doesNotContain("id:");
        }

        private int waiting() {
            return SERVER.gauged("eventstream.starts.waiting");
        }
    }

    @Nested
    class Without_trusted_proxies {
        @RegisterExtension
        static final TestServer SERVER = new TestServer("eventStream.limits.streamsPerAddress=1");

        @Test
        void clients_of_a_private_address_are_not_limited_and_a_warning_names_the_key() throws Exception {
            try (Logged logged = new Logged();
                    TestStream one = open(SERVER, "a", "203.0.113.1").awaitOpen();
                    TestStream two = open(SERVER, "a", "203.0.113.1").awaitOpen()) {
                assertThat(one.hasEnded() || two.hasEnded()).isFalse();
                assertThat(logged.lines())
                        .filteredOn(line -> line.startsWith("WARN"))
                        .singleElement()
                        .asString()
                        .contains("X-Forwarded-For", "eventStream.clientAddress.trustedProxies");
            }
        }
    }
}
