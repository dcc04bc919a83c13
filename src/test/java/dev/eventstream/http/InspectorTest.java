package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.RawHttp;
import dev.eventstream.RawHttp.Answer;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.testing.EventStreamExtension;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Browsers that open the address of a stream get the inspector; all others get what they get without it. */
class InspectorTest {
    private static final String BROWSER =
            "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

    @RegisterExtension
    static final TestServer SERVER = TestServer.withMore("inspector: true");

    @RegisterExtension
    static final TestServer OFF = new TestServer();

    private static Answer get(String target, String... headerLines) throws IOException {
        return RawHttp.get(SERVER.port(), target, headerLines);
    }

    private static void assertIsPage(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(varies(answer)).contains("Accept", "Origin");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store, no-transform");
    }

    private static List<String> varies(Answer answer) {
        return Arrays.asList(String.join(", ", answer.headers("Vary")).split(", "));
    }

    // ---- who gets the page

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Chromium, Firefox, Safari
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "text/html",
                "TEXT/HTML",
                "text/html;q=0.1",
                "text/html;charset=utf-8",
                "text/html, */*;q=0.9",
                "*/*;q=0.9, text/html",
                "text/html, text/*;q=0.9",
                "text/html, text/event-stream;q=0.9",
                "application/json, text/html;q=0.5",
                "text/html\r\nAccept: text/event-stream;q=0.1",
            })
    void a_client_that_prefers_html_gets_the_page(String accept) throws IOException {
        Answer answer = get("/events?channel=a", "Accept: " + accept);

        assertIsPage(answer);
        assertThat(answer.body()).startsWith("<!doctype html>").endsWith("</html>\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "text/*",
                "text/event-stream",
                "text/event-stream, */*;q=0.1",
                "text/event-stream, text/html;q=0.9",
                "text/event-stream, text/html",
                "text/html, text/event-stream",
                "text/html, */*",
                "text/html, text/*",
                "text/html;q=0.5, */*;q=0.5",
                "text/html;q=0.5, */*;q=0.8",
                "text/html;q=0.5, text/*",
                "text/html;q=0, */*",
                "application/xhtml+xml, */*;q=0.1",
                "image/avif,image/webp,*/*;q=0.8",
                "application/json, text/plain, */*",
            })
    void every_other_client_gets_a_stream(String accept) throws IOException {
        assertThat(head(SERVER, "Accept: " + accept).replace(", Accept\r\n", "\r\n"))
                .isEqualTo(head(OFF, "Accept: " + accept));
        assertThat(varies(new Answer(head(SERVER, "Accept: " + accept), ""))).contains("Accept");
    }

    /** The head of the answer that begins a stream, without its date. */
    private static String head(TestServer server, String... headerLines) throws IOException {
        try (RawHttp client = new RawHttp(server.port())) {
            String answer = client.send(RawHttp.request("GET", "/events?channel=a", headerLines))
                    .readUntil("event: stream-open");
            assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").contains("Content-Type: text/event-stream\r\n");
            return answer.substring(0, answer.indexOf("\r\n\r\n") + 2).replaceAll("Date: .*\r\n", "");
        }
    }

    @Test
    void a_client_without_an_accept_header_gets_a_stream() throws IOException {
        assertThat(head(SERVER)).contains("Content-Type: text/event-stream\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "image/*", "application/xhtml+xml", "text/plain", "text/html;q=0"})
    void a_client_that_accepts_neither_gets_406(String accept) throws IOException {
        assertThat(get("/events?channel=a", "Accept: " + accept).status()).isEqualTo(406);
    }

    /** By itself, it prefers {@code text/html}; the manual says so. */
    @Test
    void an_old_java_client_gets_the_page_unless_it_asks_for_a_stream() throws IOException {
        URL address = URI.create("http://localhost:" + SERVER.port() + "/events?channel=a")
                .toURL();
        HttpURLConnection careless = (HttpURLConnection) address.openConnection();
        HttpURLConnection careful = (HttpURLConnection) address.openConnection();
        careful.setRequestProperty("Accept", "text/event-stream");

        assertThat(careless.getContentType()).isEqualTo("text/html;charset=utf-8");
        assertThat(careful.getContentType()).isEqualTo("text/event-stream");
        careless.disconnect();
        careful.disconnect();
    }

    @Test
    void a_head_request_of_a_browser_gets_the_headers_of_the_page() throws IOException {
        Answer answer = RawHttp.ask(SERVER.port(), "HEAD", "/events?channel=a", BROWSER);

        assertIsPage(answer);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void posts_are_answered_as_before() throws IOException {
        Answer answer = RawHttp.post(
                SERVER.port(),
                "/events",
                "{\"channel\":\"a\",\"data\":1}".getBytes(StandardCharsets.UTF_8),
                BROWSER,
                "Authorization: Bearer a-token-for-the-tests",
                "Content-Type: application/json");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    }

    // ---- the page

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/events",
                "/events?channel=secret-1",
                "/events?channel=broken-1",
                "/events?channel=%FF&lastEventId=error",
                "/events?channel=<script>alert(1)</script>"
            })
    void the_page_does_not_depend_on_the_channels_or_the_credentials(String target) throws IOException {
        String page = get("/events?channel=a", BROWSER).body();

        assertThat(get(target.replace("<", "%3C").replace(">", "%3E"), BROWSER).body())
                .isEqualTo(page);
        assertThat(get("/events?channel=a", BROWSER, "Authorization: Basic wrong")
                        .body())
                .isEqualTo(page);
        assertThat(get("/events?channel=a", BROWSER, "Sec-Fetch-Site: cross-site", "Cookie: session=of-ann")
                        .body())
                .isEqualTo(page);
    }

    @Test
    void the_page_may_load_only_files_of_this_service_and_never_reads_text_as_html() throws IOException {
        Answer answer = get("/events?channel=a", BROWSER);

        assertThat(answer.header("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
                        + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                        + " require-trusted-types-for 'script'; trusted-types 'none'");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.body())
                .doesNotContain("<style", " style=", "http:", "https:", "{{")
                .doesNotContainPattern("\\son\\w+=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/events", "/events/", "/events/a", "/rooms/a%20b/events", "/rooms/a/events/?x=/y/z"})
    void its_addresses_are_relative_so_that_a_reverse_proxy_may_add_a_prefix(String target) throws IOException {
        Answer page = get(target, BROWSER);
        URI base = URI.create("http://localhost/prefix" + target);
        String script = resolved(base, page, "<script src=\"(.*?)\"");
        String style = resolved(base, page, "<link rel=\"stylesheet\" href=\"(.*?)\"");

        assertThat(resolved(base, page, "data-publish=\"(.*?)\"")).isEqualTo("/events");
        assertThat(get(script).header("Content-Type")).isEqualTo("text/javascript;charset=utf-8");
        assertThat(get(style).header("Content-Type")).isEqualTo("text/css;charset=utf-8");
        assertThat(get(script + ".map").header("Content-Type")).isEqualTo("application/json");
        for (String file : new String[] {script, style, script + ".map"}) {
            assertThat(get(file).status()).isEqualTo(200);
            assertThat(get(file).header("Cache-Control")).contains("max-age=31536000", "immutable");
        }
    }

    /** An address in the page as the service sees it: without the prefix. */
    private static String resolved(URI base, Answer page, String pattern) {
        Matcher address = Pattern.compile(pattern).matcher(page.body());
        assertThat(address.find()).isTrue();
        String path = base.resolve(address.group(1)).normalize().getRawPath();
        assertThat(path).startsWith("/prefix/");
        return path.substring("/prefix".length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/eventstream/inspector/x/inspector.html", "/eventstream/inspector/x/eventstream.js"})
    void no_other_file_is_served(String path) throws IOException {
        assertThat(get(path).status()).isEqualTo(404);
    }

    @Test
    void switched_off_a_browser_gets_the_stream_and_no_file_is_served() throws IOException {
        assertThat(varies(new Answer(head(OFF, BROWSER), ""))).doesNotContain("Accept");
        assertThat(RawHttp.get(OFF.port(), "/eventstream/inspector/x/inspector.js")
                        .status())
                .isEqualTo(404);
    }

    @Nested
    class On_a_full_node {
        @RegisterExtension
        static final TestServer FULL = TestServer.withMore("inspector: true", "eventStream.limits.streams=1");

        @Test
        void the_page_is_served() throws IOException {
            try (TestStream stream = FULL.stream("/events?channel=a").awaitOpen()) {
                assertIsPage(RawHttp.get(FULL.port(), "/events?channel=a", BROWSER));
                assertThat(stream.hasEnded()).isFalse();
            }
        }
    }

    @Nested
    class If_nobody_may_post {
        @RegisterExtension
        static final EventStreamExtension EVENTS =
                EventStreamExtension.of((reader, channel) -> true).configuredBy(inspecting());

        private static EventStreamFactory inspecting() {
            EventStreamFactory factory = new EventStreamFactory();
            factory.setInspector(true);
            return factory;
        }

        @Test
        void the_page_has_no_form_for_sending() throws IOException {
            Answer answer = RawHttp.get(EVENTS.uri("/events").getPort(), "/events?channel=a", BROWSER);

            assertThat(answer.body()).contains("<body data-publish=\"\">");
        }
    }
}
