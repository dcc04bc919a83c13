package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.RawHttp;
import dev.eventstream.RawHttp.Answer;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of other sites, which make a browser open streams and post events with its user's credentials. */
class CrossSiteTest {
    private static final String COOKIE = "Cookie: session=of-ann";
    private static final String BEARER = "Authorization: Bearer token-of-ann";

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private static int status(TestServer server, String... headerLines) throws IOException {
        try (RawHttp client = new RawHttp(server.port())) {
            client.send(RawHttp.request("GET", "/events?channel=a", headerLines));
            return Integer.parseInt(client.readUntil("\r\n").substring(9, 12));
        }
    }

    private static Answer post(String... headerLines) throws IOException {
        List<String> all = new ArrayList<>(Arrays.asList(headerLines));
        all.add("Authorization: Bearer a-token-for-the-tests");
        all.add("Content-Type: application/json");
        return RawHttp.post(
                SERVER.port(),
                "/events",
                "{\"channel\":\"a\",\"data\":1}".getBytes(StandardCharsets.UTF_8),
                all.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: SAME-ORIGIN",
                "Sec-Fetch-Site: same-origin, cross-site",
                "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Site: same-origin",
                "Sec-Fetch-Site:",
                "Sec-Fetch-Site: cross-site\r\nOrigin: https://evil.example.com",
                "Sec-Fetch-Site: cross-site\r\nOrigin: http://localhost",
                "Sec-Fetch-Site: cross-site\r\nOrigin: null",
                "Sec-Fetch-Site: cross-site\r\nOrigin: https://app.example.com, https://evil.example.com",
                "Origin: https://evil.example.com",
                "Origin: http://localhost.evil.example.com",
                "Origin: http://app.example.com",
                "Origin: null",
                "Origin:",
            })
    void requests_of_their_pages_are_refused(String headers) throws IOException {
        long refused = SERVER.metered("eventstream.refused.cross-site");

        assertThat(status(SERVER, COOKIE, headers)).isEqualTo(403);
        assertThat(status(SERVER, BEARER, headers)).isEqualTo(403);
        assertThat(post(headers).status()).isEqualTo(403);
        assertThat(SERVER.metered("eventstream.refused.cross-site")).isEqualTo(refused + 3);
        assertThat(status(SERVER, headers)).as("anonymous").isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Nothing: curl",
                "Sec-Fetch-Site: same-origin",
                "Sec-Fetch-Site: none",
                "Sec-Fetch-Site: same-origin\r\nOrigin: https://service.example.com",
                "Origin: http://localhost",
                "Origin: https://LOCALHOST",
                "Sec-Fetch-Site: cross-site\r\nOrigin: https://app.example.com",
                "Origin: https://app.example.com",
            })
    void requests_of_own_and_allowed_pages_and_of_programs_pass(String headers) throws IOException {
        assertThat(status(SERVER, COOKIE, headers)).isEqualTo(200);
        assertThat(status(SERVER, BEARER, headers)).isEqualTo(200);
        assertThat(post(headers).status()).isEqualTo(201);
    }

    @Test
    void the_answers_explain_the_refusal() throws IOException {
        assertThat(RawHttp.get(SERVER.port(), "/events?channel=a", COOKIE, "Sec-Fetch-Site: cross-site")
                        .body())
                .contains("eventStream.cors");
        assertThat(post("Sec-Fetch-Site: cross-site").body()).contains("eventStream.cors");
    }

    @Nested
    class If_every_origin_is_allowed {
        @RegisterExtension
        static final TestServer OPEN =
                new TestServer("eventStream.cors.allowedOrigins[0]=*", "eventStream.cors.allowCredentials=false");

        @Test
        void a_page_may_use_a_token_that_it_has_but_not_the_cookies_of_the_browser() throws IOException {
            String[] page = {"Sec-Fetch-Site: cross-site", "Origin: https://any.example.com"};

            assertThat(status(OPEN, BEARER, page[0], page[1])).isEqualTo(200);
            assertThat(status(OPEN, COOKIE, page[0], page[1])).isEqualTo(403);
            assertThat(status(OPEN, page)).isEqualTo(200);
        }
    }

    @Test
    void an_open_stream_is_not_affected() throws IOException {
        try (TestStream stream =
                SERVER.stream("/events?channel=b", "Cookie", "session=of-ann").awaitOpen()) {
            assertThat(status(SERVER, COOKIE, "Sec-Fetch-Site: cross-site")).isEqualTo(403);
            SERVER.events().send("b", "message", 1);
            stream.awaitMessages(1);
        }
    }
}
