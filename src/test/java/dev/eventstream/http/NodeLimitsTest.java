package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.Logged;
import dev.eventstream.RawHttp;
import dev.eventstream.RawHttp.Answer;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests to a node that is full or not migrated, and requests under unusual settings. */
class NodeLimitsTest {
    @Nested
    class When_it_is_full {
        @RegisterExtension
        static final TestServer SERVER = new TestServer("eventStream.limits.streams=2", "eventStream.retry.min=100ms");

        @BeforeEach
        void awaitRoom() {
            await().until(() -> SERVER.openStreams() == 0);
        }

        @Test
        void new_streams_are_refused_until_one_ends() throws Exception {
            try (TestStream first = SERVER.stream("/events?channel=a").awaitOpen()) {
                try (TestStream second = SERVER.stream("/events?channel=b").awaitOpen()) {
                    Answer full = RawHttp.get(SERVER.port(), "/events?channel=c");

                    assertThat(full.status()).isEqualTo(503);
                    assertThat(full.header("Retry-After")).matches("[6-9]|[12][0-9]|30");
                    assertThat(full.body())
                            .isEqualTo("This node cannot hold more streams (eventStream.limits.streams); try again"
                                    + " later.\n");
                    assertThat(full.header("Cache-Control")).isEqualTo("no-store, no-transform");
                    assertThat(full.header("X-Accel-Buffering")).isEqualTo("no");
                    assertThat(RawHttp.get(SERVER.port(), "/events?channel=broken-1", "Authorization: Basic wrong")
                                    .status())
                            .as("without asking the auth filter and the authorizer")
                            .isEqualTo(503);
                    assertThat(RawHttp.get(SERVER.port(), "/events?channel=c", "Last-Event-ID: error")
                                    .status())
                            .isEqualTo(400);
                    assertThat(RawHttp.ask(SERVER.port(), "HEAD", "/events?channel=c")
                                    .status())
                            .isEqualTo(200);
                    assertThat(second.hasEnded()).isFalse();
                }
                await().until(() -> SERVER.openStreams() == 1);
                try (TestStream third = SERVER.stream("/events?channel=c").awaitOpen()) {
                    assertThat(third.status()).isEqualTo(200);
                }
                assertThat(first.hasEnded()).isFalse();
            }
        }

        @Test
        void an_event_source_gets_a_stream_that_ends_at_once_and_brings_it_back() throws Exception {
            long refused = SERVER.metered("eventstream.refused.streams");
            try (TestStream first = SERVER.stream("/events?channel=a").awaitOpen();
                    TestStream second = SERVER.stream("/events?channel=b").awaitOpen()) {
                Answer full = RawHttp.get(SERVER.port(), "/events?channel=c", "Accept: text/event-stream");

                assertThat(full.status()).isEqualTo(200);
                assertThat(full.header("Content-Type")).startsWith("text/event-stream");
                assertThat(full.header("Cache-Control")).isEqualTo("no-store, no-transform");
                assertThat(full.body().replaceAll("retry: ([6-9]|[12][0-9])[0-9]{3}\n", "retry: 12345\n"))
                        .isEqualTo("""
                            retry: 12345
                            event: stream-error
                            data: {"condition":"busy","text":"This node cannot hold more streams (eventStream.limits.streams); try again later.","channels":[]}

                            """);
                assertThat(SERVER.metered("eventstream.refused.streams")).isEqualTo(refused + 1);
                assertThat(first.hasEnded() || second.hasEnded()).isFalse();
            }
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "text/event-stream | 200",
                    "TEXT/Event-Stream;q=0.5, */*;q=0.1 | 200",
                    "text/html, text/event-stream | 200",
                    "*/* | 503",
                    "text/* | 503"
                })
        void clients_that_name_the_format_get_it(String accept, int status) throws Exception {
            try (TestStream first = SERVER.stream("/events?channel=a").awaitOpen();
                    TestStream second = SERVER.stream("/events?channel=b").awaitOpen()) {
                assertThat(RawHttp.get(SERVER.port(), "/events?channel=c", "Accept: " + accept)
                                .status())
                        .isEqualTo(status);
                assertThat(first.hasEnded() || second.hasEnded()).isFalse();
            }
        }
    }

    @Nested
    class When_connections_must_not_be_slow {
        @RegisterExtension
        static final TestServer SERVER = new TestServer(
                "server.applicationConnectors[0].minResponseDataPerSecond=1KiB",
                "server.applicationConnectors[0].minRequestDataPerSecond=1KiB",
                "server.applicationConnectors[0].idleTimeout=2s",
                "eventStream.keepAlive=1s");

        @Test
        void a_quiet_stream_stays_open() {
            try (TestStream stream = SERVER.stream("/events?channel=quiet").awaitOpen()) {
                await().until(() -> stream.events().stream()
                                .filter(block -> block.type().equals("keep-alive"))
                                .count()
                        >= 4);
                SERVER.events().send("quiet", "message", 1);
                stream.awaitMessages(1);

                assertThat(stream.hasEnded()).isFalse();
            }
        }
    }

    @Nested
    class When_gzip_is_told_to_compress_all_but_pdf {
        @RegisterExtension
        static final TestServer SERVER = new TestServer(
                "server.gzip.excludedMimeTypes=application/pdf",
                "server.applicationConnectors[0].maxRequestHeaderSize=128KiB");

        @Test
        void streams_are_neither_compressed_nor_delayed() {
            try (TestStream stream = SERVER.stream("/events?channel=zip", "Accept-Encoding", "gzip")
                    .awaitOpen()) {
                SERVER.events().send("zip", "message", "x".repeat(10_000));
                stream.awaitMessages(1);

                assertThat(stream.header("Content-Encoding")).isIn("", "identity");
            }
        }

        @Test
        void a_last_event_id_that_is_too_long_is_refused() throws Exception {
            String entry = "a".repeat(65_530) + "=b-123";

            assertThat(RawHttp.get(SERVER.port(), "/events?channel=zip", "Last-Event-ID: " + entry)
                            .body())
                    .contains("Last-Event-ID has the bad entry");
            assertThat(RawHttp.get(SERVER.port(), "/events?channel=zip", "Last-Event-ID: " + entry + '4')
                            .body())
                    .contains("Last-Event-ID has 65537 characters; allowed are at most 65536");
        }
    }

    @Nested
    class When_the_database_is_not_migrated {
        private static final String WHAT_TO_TYPE =
                "the tables of dropwizard-eventstream are missing or of another version; run `db migrate`";
        private static final TestServer SERVER = new TestServer();

        @BeforeAll
        static void start() throws Exception {
            SERVER.support().before();
        }

        @AfterAll
        static void stop() {
            SERVER.stop();
        }

        @Test
        void a_reader_may_retry_and_the_log_names_the_command_to_run() throws Exception {
            try (Logged logged = new Logged()) {
                Answer answer = RawHttp.get(SERVER.port(), "/events?channel=a", "Last-Event-ID: a=abc-1");

                answer.assertIsTemporaryFailure();
                assertThat(logged.lines())
                        .filteredOn(line -> line.startsWith("WARN"))
                        .singleElement()
                        .asString()
                        .contains("Streams on /events cannot be served", WHAT_TO_TYPE);
            }
        }

        @Test
        void a_head_request_does_not_read_the_log() throws Exception {
            assertThat(RawHttp.ask(SERVER.port(), "HEAD", "/events?channel=a").status())
                    .isEqualTo(200);
        }

        @Test
        void a_publish_request_gets_503() throws Exception {
            Answer answer = RawHttp.post(
                    SERVER.port(),
                    "/events",
                    "{\"channel\":\"a\",\"data\":1}".getBytes(StandardCharsets.UTF_8),
                    "Content-Type: application/json",
                    "Authorization: Bearer a-token-for-the-tests");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("{\"message\":\"The events were not sent; try again.\"}");
        }

        @Test
        void the_health_check_explains_how_to_migrate_a_database_in_memory() {
            HealthCheck.Result result =
                    SERVER.support().getEnvironment().healthChecks().runHealthCheck("eventstream-store");

            assertThat(result.isHealthy()).isFalse();
            assertThat(result.getMessage())
                    .contains("the tables of dropwizard-eventstream are missing")
                    .contains("apply the changelog in this process");
        }
    }
}
