package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.Logged;
import dev.eventstream.RawHttp;
import dev.eventstream.RawHttp.Answer;
import dev.eventstream.TestServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients cannot flood the log, and a malformed header gets an answer with a message and logs no stack trace. There is one
 * exception: Dropwizard's filter for HTTP Basic logs a warning with a stack trace for credentials that are not Base64.
 */
class LogFloodTest {
    private static final int REQUESTS = 1_000;

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    /** Sends the same request many times, 50 times on each connection; returns the last answer. */
    private static Answer repeat(String method, String target, String... headers) throws IOException {
        Answer last = RawHttp.ask(SERVER.port(), "GET", "/news?channel=a");
        for (int sent = 0; sent < REQUESTS; sent += 50) {
            try (RawHttp client = new RawHttp(SERVER.port())) {
                for (int i = 0; i < 50; i++) {
                    client.send(RawHttp.request(method, target, headers)
                            .replace("\r\n\r\n", (i == 49 ? "\r\nConnection: close" : "") + "\r\n\r\n"));
                }
                last = client.answer();
            }
        }
        return last;
    }

    private static List<String> aboveDebug(Logged logged) {
        return logged.lines().stream().filter(line -> !line.startsWith("DEBUG")).toList();
    }

    @Test
    void a_thousand_unreadable_cookies_are_not_logged() throws IOException {
        try (Logged logged = new Logged()) {
            Answer last = repeat("GET", "/events?channel=a", "Cookie: $Version=x; a=b");

            assertThat(last.status()).isEqualTo(400);
            assertThat(last.body())
                    .contains("The Cookie header cannot be read.\n")
                    .doesNotContain("NumberFormat");
            assertThat(aboveDebug(logged)).isEmpty();
            assertThat(String.join("\n", logged.lines())).doesNotContain("NumberFormatException");
        }
    }

    @Test
    void a_thousand_requests_during_an_outage_log_one_warning() throws IOException {
        try (Logged logged = new Logged()) {
            repeat("GET", "/events?channel=broken-flood");

            assertThat(aboveDebug(logged)).hasSizeLessThanOrEqualTo(1);
            assertThat(logged.lines())
                    .filteredOn(line -> line.contains("\tat "))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void a_thousand_wrong_tokens_log_one_warning() throws IOException {
        try (Logged logged = new Logged()) {
            // one connection each, because the refusal of a token closes the connection
            for (int sent = 0; sent < REQUESTS; sent++) {
                Answer refusal = RawHttp.ask(
                        SERVER.port(),
                        "POST",
                        "/events",
                        "Content-Type: application/json",
                        "Content-Length: 0",
                        "Authorization: Bearer guessed-by-a-stranger");
                assertThat(refusal.status()).isEqualTo(401);
            }

            assertThat(aboveDebug(logged)).hasSizeLessThanOrEqualTo(1);
            assertThat(String.join("\n", logged.lines())).doesNotContain("guessed-by-a-stranger", "\tat ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cookie: $Version=",
                "Cookie: $Version=99999999999; session=of-ann",
                "Cookie: session=of-ann; $Version=x",
                "Cookie: =",
                "Cookie: ;;;,,,",
                "Cookie: \"",
                "Cookie: $Path=/; $Domain",
                "Accept: ;",
                "Accept: text/event-stream;q=2",
                "Accept: \"",
                "Accept-Language: ;;;",
                "Accept-Language: x;q=abc",
                "Accept-Encoding: ;q=",
                "Accept-Charset: \u00ff;q=9",
                "Content-Type: /",
                "Content-Length: 0",
                "If-None-Match: unquoted",
                "If-Modified-Since: yesterday",
                "Authorization: Bearer \u00ff",
                "Origin: \u00ff://",
                "Last-Event-ID: %",
                "Last-Event-ID: \u00ff",
            })
    void a_malformed_header_causes_no_stack_trace(String header) throws IOException {
        try (Logged logged = new Logged()) {
            for (String target : List.of("/events", "/events?channel=secret-1", "/news?channel=x")) {
                Answer answer = RawHttp.get(SERVER.port(), target, header);

                assertThat(answer.status()).as(target).isLessThan(500);
                assertThat(answer.body()).doesNotContain("Exception", "java.", "jersey");
            }
            assertThat(String.join("\n", logged.lines())).doesNotContain("ERROR", "\tat ");
        }
    }
}
