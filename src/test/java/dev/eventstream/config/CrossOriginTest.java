package dev.eventstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.Logged;
import dev.eventstream.RawHttp;
import dev.eventstream.RawHttp.Answer;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of listed origins may read streams and errors; pages of other origins may not. */
class CrossOriginTest {
    private static final String ORIGIN = "Origin: https://app.example.com";

    @RegisterExtension
    static final TestServer SERVER = new TestServer("eventStream.limits.streams=1");

    private static Answer preflight(String target, String origin, String headers) throws IOException {
        return RawHttp.ask(
                SERVER.port(),
                "OPTIONS",
                target,
                origin,
                "Access-Control-Request-Method: GET",
                "Access-Control-Request-Headers: " + headers);
    }

    private static void assertReadable(Answer answer) {
        assertThat(answer.headers("Access-Control-Allow-Origin")).containsExactly("https://app.example.com");
        assertThat(answer.headers("Access-Control-Allow-Credentials")).containsExactly("true");
        assertThat(answer.header("Vary")).contains("Origin");
    }

    private static void assertNotReadable(Answer answer) {
        assertThat(answer.head()).doesNotContainIgnoringCase("Access-Control-");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/events?channel=secret-1",
                "/events/",
                "/events/broken-1",
                "/rooms/a%20b/events",
                "/rooms/a/events/",
                "/news"
            })
    void a_preflight_of_a_listed_origin_passes_without_the_authorizer(String target) throws IOException {
        try (Logged logged = new Logged()) {
            Answer answer = preflight(target, ORIGIN, "Last-Event-ID, Authorization, Cache-Control");

            assertThat(answer.status()).isEqualTo(200);
            assertReadable(answer);
            assertThat(answer.header("Access-Control-Allow-Headers").toLowerCase(Locale.ROOT))
                    .contains("last-event-id", "authorization", "cache-control");
            assertThat(answer.header("Access-Control-Allow-Methods")).contains("GET");
            assertThat(answer.header("Access-Control-Max-Age")).isEqualTo("3600");
            assertThat(logged.lines())
                    .filteredOn(line -> line.startsWith("ERROR"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example.com",
                "http://app.example.com",
                "https://app.example.com:8443",
                "https://app.example.com.evil.example",
                "https://appXexample.com",
                "https://APP.example.com.",
                "null",
            })
    void an_unlisted_origin_may_not_read(String origin) throws IOException {
        assertNotReadable(preflight("/events", "Origin: " + origin, "Authorization"));
        Answer answer = RawHttp.get(SERVER.port(), "/events", "Origin: " + origin);
        assertNotReadable(answer);
        assertThat(answer.header("Vary")).contains("Origin");
    }

    @Test
    void other_addresses_of_the_application_are_unaffected() throws IOException {
        for (String target : List.of("/", "/elsewhere", "/eventsx", "/events/a/b", "/rooms/a")) {
            assertNotReadable(preflight(target, ORIGIN, "Authorization"));
            Answer answer = RawHttp.get(SERVER.port(), target, ORIGIN);
            assertNotReadable(answer);
            assertThat(answer.header("Vary")).doesNotContain("Origin");
        }
    }

    @Test
    void a_page_of_a_listed_origin_can_read_errors() throws IOException {
        assertReadable(RawHttp.get(SERVER.port(), "/events", ORIGIN));
        Answer unauthorized = RawHttp.get(SERVER.port(), "/events?channel=a", ORIGIN, "Authorization: Bearer wrong");
        assertThat(unauthorized.status()).isEqualTo(401);
        assertReadable(unauthorized);
        Answer stopped = RawHttp.get(SERVER.port(), "/events?channel=a", ORIGIN, "Last-Event-ID: error");
        assertThat(stopped.status()).isEqualTo(400);
        assertReadable(stopped);
        assertReadable(RawHttp.get(SERVER.port(), "/events?channel=a", ORIGIN, "Accept: text/html"));
        try (TestStream stream = SERVER.stream("/events?channel=a", "Origin", "https://app.example.com")) {
            stream.awaitOpen();
            await().until(() -> SERVER.openStreams() == 1);
            assertThat(stream.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example.com");
            Answer full = RawHttp.get(SERVER.port(), "/events?channel=a", ORIGIN);
            assertThat(full.status()).isEqualTo(503);
            assertThat(full.header("Access-Control-Expose-Headers")).isEqualTo("Retry-After");
            assertReadable(full);
        }
    }

    @Test
    void a_request_without_an_origin_is_served_as_usual() throws IOException {
        Answer answer = RawHttp.get(SERVER.port(), "/events");

        assertNotReadable(answer);
        assertThat(answer.header("Vary")).contains("Origin");
    }
}
