package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.EventStream;
import dev.eventstream.Logged;
import dev.eventstream.RawHttp;
import dev.eventstream.RawHttp.Answer;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers to requests for a stream, especially to those of careless and hostile clients. */
class RequestsTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private static Answer get(String target, String... headerLines) throws IOException {
        return RawHttp.get(SERVER.port(), target, headerLines);
    }

    private static EventStream events() {
        return SERVER.events();
    }

    private static String refusal(String condition, String text, String... channels) {
        return """
                id: error
                event: stream-error
                data: {"condition":"%s","text":"%s","channels":[%s]}

                """.formatted(
                        condition,
                        text.replace("\"", "\\\""),
                        Arrays.stream(channels).map(name -> '"' + name + '"').collect(Collectors.joining(",")));
    }

    private static String channels(int count) {
        return IntStream.range(0, count).mapToObj(i -> "channel=c" + i).collect(Collectors.joining("&"));
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    /** The position at which a stream of this address opens; fails if it does not open. */
    private static String opensAt(String target, String... headers) {
        try (TestStream stream = SERVER.stream(target, headers).awaitOpen()) {
            assertThat(stream.status()).isEqualTo(200);
            return stream.lastEventId();
        }
    }

    private static void assertRefused(Answer answer, String condition, String text, String... channels) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(answer.body()).isEqualTo(refusal(condition, text, channels));
    }

    private static void assertNeverKept(Answer answer) {
        assertThat(answer.headers("Cache-Control")).containsExactly("no-store, no-transform");
        assertThat(answer.headers("X-Accel-Buffering")).containsExactly("no");
    }

    // ---- the first bytes

    @Test
    void a_stream_begins_with_these_bytes() throws IOException {
        Event sent = events().send("golden", "message", "before");
        try (RawHttp client = new RawHttp(SERVER.port())) {
            client.send(RawHttp.request("GET", "/events?channel=golden"));

            assertThat(client.readUntil("}\n\n")
                            .replaceAll("Date: [^\r]*", "Date: now")
                            .replaceAll("retry: [2-6]\\d{3}\n", "retry: 1234\n"))
                    .isEqualTo(("""
                            HTTP/1.1 200 OK
                            Date: now
                            Vary: Accept-Encoding, Origin
                            Content-Type: text/event-stream
                            Cache-Control: no-store, no-transform
                            X-Accel-Buffering: no
                            Content-Encoding: identity
                            Transfer-Encoding: chunked
                            Connection: close

                            %X
                            """.formatted(60 + ("golden=" + sent.id()).length())
                                    .replace("\n", "\r\n")
                            + """
                            retry: 1234
                            id: golden=%s
                            event: stream-open
                            data: {"keepAlive":20}

                            """.formatted(sent.id())));
        }
    }

    // ---- channels

    @Test
    void a_request_without_a_channel_is_refused() throws IOException {
        String text = "no channel is named; add ?channel=NAME to the address, once per channel";

        assertRefused(get("/events"), "bad-request", text);
        assertRefused(get("/events?"), "bad-request", text);
        assertRefused(get("/events?lastEventId="), "bad-request", text);
        assertRefused(get("/events?Channel=a"), "bad-request", text);
    }

    @Test
    void ten_channels_are_allowed_and_eleven_are_refused() throws IOException {
        assertThat(opensAt("/events?" + channels(10))).hasSize("c0=0-0".length() * 10 + 9);
        assertRefused(
                get("/events?" + channels(11)),
                "bad-request",
                "11 channels are requested; this service allows 10 on one stream (eventStream.limits.channelsPerStream)");
    }

    @Test
    void a_repeated_channel_counts_once() {
        assertThat(opensAt("/events?" + channels(10) + "&channel=c0&channel=%630"))
                .contains("c0=0-0,c1");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "a%20b,               a%20b",
                "a+b,                 a%20b",
                "a%2Bb,               a%2Bb",
                "a%2fb/c,             a%2Fb%2Fc",
                "(it's)*!,            %28it%27s%29%2A%21",
                "a:b@c;d,             a%3Ab%40c%3Bd",
                "a=b,                 a%3Db",
                "%25,                 %25",
                "%E2%82%AC,           %E2%82%AC",
                "%f0%9f%98%80,        %F0%9F%98%80",
                "%C3%A9,              %C3%A9",
            })
    void names_are_decoded_as_browsers_and_forms_encode_them(String written, String position) {
        assertThat(opensAt("/events?channel=" + written)).isEqualTo(position + "=0-0");
    }

    @Test
    void names_may_have_up_to_255_code_points() throws IOException {
        String longest = "\uD83D\uDE00".repeat(255);

        assertThat(opensAt("/events?channel=" + encoded(longest))).isEqualTo(encoded(longest) + "=0-0");
        assertThat(get("/events?channel=" + encoded(longest + "x")).body())
                .contains("\"condition\":\"bad-request\"", "has 256 characters; allowed are 1 to 255");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "``         | \"\" has 0 characters; allowed are 1 to 255",
                "a%00       | \"a\uFFFD\" has a control character or half a surrogate pair; any other Unicode is allowed",
                "a%0Ab      | \"a\uFFFDb\" has a control character or half a surrogate pair; any other Unicode is allowed",
                "a%7F       | \"a\uFFFD\" has a control character or half a surrogate pair; any other Unicode is allowed",
                "a%C2%85    | \"a\uFFFD\" has a control character or half a surrogate pair; any other Unicode is allowed",
                "a%C0%AF    | \"a%C0%AF\" is not percent-encoded UTF-8",
                "a%C3       | \"a%C3\" is not percent-encoded UTF-8",
                "a%FF       | \"a%FF\" is not percent-encoded UTF-8",
                "%ED%A0%80  | \"%ED%A0%80\" is not percent-encoded UTF-8",
                "%F4%90%80%80 | \"%F4%90%80%80\" is not percent-encoded UTF-8",
            })
    void invalid_names_are_refused(String written, String why) throws IOException {
        assertRefused(get("/events?channel=fine&channel=" + written), "bad-request", "channel name " + why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a%00",
                "a%0Ab",
                "a%7F",
                "a%C0%AF",
                "a%C3",
                "a%FF",
                "%ED%A0%80",
                "%F4%90%80%80",
                "a%2Fb",
                "%2e%2e",
                "%"
            })
    void the_server_rejects_invalid_paths(String written) throws IOException {
        assertThat(get("/rooms/" + written + "/events").status()).isIn(400, 404);
    }

    @Test
    void a_path_segment_that_is_not_a_valid_name_is_refused() throws IOException {
        assertRefused(
                get("/rooms/a%C2%85/events"),
                "bad-request",
                "channel name \"a\uFFFD\" has a control character or half a surrogate pair; any other Unicode is allowed");
    }

    /** As the URL standard decodes (1.3): a percent sign that does not begin an escape is kept. */
    @ParameterizedTest
    @CsvSource({"%, %25", "a%2, a%252", "a%zz, a%25zz", "%u0041, %25u0041", "a%%41, a%25A"})
    void a_percent_sign_that_does_not_begin_an_escape_is_kept(String written, String position) throws IOException {
        try (RawHttp client = new RawHttp(SERVER.port())) {
            client.send(RawHttp.request("GET", "/events?channel=" + written));
            assertThat(client.readUntil("stream-open")).contains("id: " + position + "=0-0\n");
        }
        assertThat(get("/events/" + written).status()).isEqualTo(400);
    }

    // ---- routes

    @Test
    void a_query_cannot_change_fixed_channels() throws IOException {
        assertThat(opensAt("/news")).isEqualTo("alerts=0-0,news=0-0");
        assertThat(opensAt("/news?other=1")).isEqualTo("alerts=0-0,news=0-0");
        for (String target : List.of(
                "/news?channel=secret-1",
                "/news?channel=",
                "/news?channel",
                "/events/a?channel=b",
                "/rooms/a/events?channel=b")) {
            assertRefused(
                    get(target),
                    "bad-request",
                    "this address streams fixed channels; remove the channel parameter from it");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/events?channel=t, t=0-0",
        "/events/?channel=t, t=0-0",
        "/events/t, t=0-0",
        "/events/t/, t=0-0",
        "/news, 'alerts=0-0,news=0-0'",
        "/news/, 'alerts=0-0,news=0-0'",
        "/rooms/t/events, room-t=0-0",
        "/rooms/t/events/, room-t=0-0",
    })
    void a_trailing_slash_makes_no_difference(String target, String position) {
        assertThat(opensAt(target)).isEqualTo(position);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "a%20b,         room-a%20b",
                "a+b,           room-a%2Bb",
                "(it's)*!,      room-%28it%27s%29%2A%21",
                "a:b@c,         room-a%3Ab%40c",
                "%E2%82%AC,     room-%E2%82%AC",
                "%7Broom%7D,    room-%7Broom%7D",
                "$1,            room-%241",
            })
    void a_decoded_path_segment_fills_a_template(String written, String position) {
        assertThat(opensAt("/rooms/" + written + "/events")).isEqualTo(position + "=0-0");
    }

    @Test
    void other_addresses_are_not_handled() throws IOException {
        for (String target : List.of("/", "/event?channel=a", "/rooms/a/b/events", "/events/a/b")) {
            assertThat(get(target).status()).as(target).isEqualTo(404);
        }
        assertThat(get("/rooms/a%2Fb/events").status()).isEqualTo(400);
        assertThat(get("/rooms/../events?channel=a/../..").status()).isEqualTo(200);
    }

    // ---- the start position

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "x                      | x | it is not of the form name=epoch-sequence",
                "where=                 | where= | it is not of the form name=epoch-sequence",
                "=abc-1                 | =abc-1 | it is not of the form name=epoch-sequence",
                "where=abc              | where=abc | event id \"abc\" is not of the form epoch-sequence",
                "where=ABC-1            | where=ABC-1 | event id \"ABC-1\" is not of the form epoch-sequence",
                "where=abc--1           | where=abc--1 | event id \"abc--1\" is not of the form epoch-sequence",
                "where=abc-01           | where=abc-01 | event id \"abc-01\" is not of the form epoch-sequence",
                "where=abc-1.5          | where=abc-1.5 | event id \"abc-1.5\" is not of the form epoch-sequence",
                "where=abc-9999999999999999999 | where=abc-9999999999999999999 | event id \"abc-9999999999999999999\" is not of the form epoch-sequence",
                "where=0-1              | where=0-1 | sequence 1 of epoch \"0\" is out of range; allowed are 1 to 999999999999999999, and 0 of epoch \"0\" only",
                "where=abc-0            | where=abc-0 | sequence 0 of epoch \"abc\" is out of range; allowed are 1 to 999999999999999999, and 0 of epoch \"0\" only",
                "where=abc-1,           | `` | it is not of the form name=epoch-sequence",
                ",where=abc-1           | `` | it is not of the form name=epoch-sequence",
                "where=abc-1,where=abc-2 | where=abc-2 | its channel appears twice",
                "where=abc-1, b=abc-2   | ` b=abc-2` | channel name \" b\" has a character that must be percent-encoded; bare are letters, digits and -._~/",
                "%zz=abc-1              | %zz=abc-1 | channel name \"%zz\" has a '%' that two hexadecimal digits do not follow",
                "%FF=abc-1              | %FF=abc-1 | channel name \"%FF\" is not percent-encoded UTF-8",
                "where:1:2              | where:1:2 | it is not of the form name=epoch-sequence",
                "where:-1               | where:-1 | it is not of the form name=epoch-sequence",
                "where:None             | where:None | it is not of the form name=epoch-sequence",
                "Error                  | Error | it is not of the form name=epoch-sequence",
            })
    void bad_last_event_ids_are_refused(String value, String entry, String why) throws IOException {
        String text = "Last-Event-ID has the bad entry \"" + entry + "\": " + why;

        assertRefused(get("/events?channel=where", "Last-Event-ID: " + value), "bad-request", text);
        assertRefused(get("/events?channel=where&lastEventId=" + encoded(value)), "bad-request", text);
    }

    @Test
    void characters_outside_ascii_in_a_query_need_no_second_encoding() throws IOException {
        Event first = events().send("größe, 🚀日本", "message", 1);
        Event second = events().send("größe, 🚀日本", "message", 2);
        String position = encoded("größe%2C%20🚀日本=" + first.id());

        assertThat(firstPosition("/events?channel=" + encoded("größe, 🚀日本") + "&lastEventId=" + position))
                .isEqualTo("gr%C3%B6%C3%9Fe%2C%20%F0%9F%9A%80%E6%97%A5%E6%9C%AC=" + second.id());
        assertRefused(
                get("/events?channel=where&lastEventId=" + encoded("größe 日=0-0")),
                "bad-request",
                "Last-Event-ID has the bad entry \"gr%C3%B6%C3%9Fe %E6%97%A5=0-0\": channel name \"gr%C3%B6%C3%9Fe %E6%97%A5\""
                        + " has a character that must be percent-encoded; bare are letters, digits and -._~/");
    }

    @Test
    void a_last_event_id_that_is_not_valid_text_is_refused() throws IOException {
        assertThat(get("/events?channel=where", "Last-Event-ID: wh\u00FFre=abc-1")
                        .body())
                .contains("bad-request", "Last-Event-ID has the bad entry");
        assertThat(get("/events?channel=where&lastEventId=wh%FFre%3Dabc-1").body())
                .contains("bad-request", "Last-Event-ID has the bad entry");
    }

    @Test
    void the_header_overrides_the_query_and_the_last_non_empty_value_wins() {
        List<Event> sent = events().sendAll(IntStream.range(0, 4)
                .mapToObj(i -> NewEvent.text("where", "message", "" + i))
                .toList());
        String first = "where=" + sent.get(0).id();
        String second = "where=" + sent.get(1).id();
        String third = "where=" + sent.get(2).id();
        String fourth = "where=" + sent.get(3).id();
        String query = "&lastEventId=" + encoded(first) + "&lastEventId=" + encoded(third) + "&lastEventId=";

        assertThat(firstPosition("/events?channel=where" + query)).isEqualTo(fourth);
        assertThat(firstPosition("/events?channel=where" + query, "Last-Event-ID", first))
                .isEqualTo(second);
        assertThat(firstPosition("/events?channel=where" + query, "Last-Event-ID", ""))
                .isEqualTo(fourth);
    }

    private static String firstPosition(String target, String... headers) {
        try (TestStream stream = SERVER.stream(target, headers).awaitMessages(1)) {
            return stream.messages().get(0).id();
        }
    }

    @Test
    void positions_of_channels_that_were_not_requested_are_ignored() {
        assertThat(opensAt("/events?channel=asked", "Last-Event-ID", "other=abc-1,secret-x=abc-2"))
                .isEqualTo("asked=0-0");
    }

    @Test
    void a_client_that_reconnects_after_a_final_error_gets_400() throws IOException {
        for (Answer answer : List.of(
                get("/events?channel=a", "Last-Event-ID: error"),
                get("/events?channel=a&lastEventId=x&lastEventId=error&lastEventId="),
                get("/events", "Last-Event-ID: error"),
                get("/events?channel=secret-1", "Last-Event-ID: error"))) {
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body())
                    .isEqualTo("The stream ended with a stream-error that reconnecting does not fix.\n");
            assertThat(answer.header("Content-Type")).isEqualTo("text/plain");
            assertNeverKept(answer);
        }
    }

    // ---- permissions

    @Test
    void a_refusal_names_all_forbidden_channels_and_reveals_nothing_else() throws IOException {
        events().send("allowed", "message", "not to be seen");

        assertRefused(
                get("/events?channel=secret-2&channel=allowed&channel=secret-1", "Last-Event-ID: allowed=0-0"),
                "forbidden",
                "You may not read these channels.",
                "secret-1",
                "secret-2");
    }

    @Test
    void permissions_are_checked_before_positions() throws IOException {
        assertRefused(
                get("/events?channel=secret-1", "Last-Event-ID: secret-1=zz"),
                "forbidden",
                "You may not read these channels.",
                "secret-1");
    }

    @Test
    void a_failing_authorizer_is_logged_and_the_client_gets_no_details() throws IOException {
        try (Logged logged = new Logged()) {
            Answer answer = get("/events?channel=broken-1&channel=fine");

            answer.assertIsTemporaryFailure();
            assertThat(logged.lines())
                    .filteredOn(line -> line.contains("the authorizer is broken"))
                    .singleElement()
                    .asString()
                    .contains(" Streams on /events cannot be served");
        }
    }

    // ---- methods and types

    @Test
    void a_head_request_gets_only_headers_and_opens_no_stream() throws IOException {
        long opened = SERVER.counted("eventstream.streams.ended.client-gone") + SERVER.openStreams();
        Answer answer = RawHttp.ask(SERVER.port(), "HEAD", "/events?channel=head-of-it");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(answer.body()).isEmpty();
        assertNeverKept(answer);
        assertThat(SERVER.counted("eventstream.streams.ended.client-gone") + SERVER.openStreams())
                .isEqualTo(opened);
    }

    @Test
    void a_head_request_for_a_refused_stream_gets_no_body() throws IOException {
        try (RawHttp client = new RawHttp(SERVER.port())) {
            client.send(RawHttp.request("HEAD", "/events?channel=secret-1")
                    + RawHttp.request("HEAD", "/events", "Connection: close"));
            Answer answers = client.answer();

            assertThat(answers.body()).startsWith("HTTP/1.1 200 OK").endsWith("\r\n\r\n");
            assertThat(answers.head() + answers.body()).doesNotContain("stream-error");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/html", "image/*"})
    void a_client_that_does_not_accept_event_streams_gets_406(String accept) throws IOException {
        Answer answer = get("/events?channel=a", "Accept: " + accept);

        assertThat(answer.status()).isEqualTo(406);
        assertNeverKept(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "text/*", "text/event-stream", "text/html, text/event-stream;q=0.1"})
    void a_client_that_accepts_event_streams_gets_one(String accept) {
        assertThat(opensAt("/events?channel=a-" + accept.length(), "Accept", accept))
                .endsWith("=0-0");
    }

    @Test
    void a_client_without_an_accept_header_gets_a_stream() throws IOException {
        try (RawHttp client = new RawHttp(SERVER.port())) {
            assertThat(client.send(RawHttp.request("GET", "/events?channel=any"))
                            .readUntil("stream-open"))
                    .startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void other_methods_get_405_with_the_allowed_ones() throws IOException {
        for (String method : List.of("PUT", "DELETE", "PATCH")) {
            Answer news = RawHttp.ask(SERVER.port(), method, "/news", "Content-Length: 0");
            assertThat(news.status()).isEqualTo(405);
            assertThat(news.header("Allow").split(",")).containsExactlyInAnyOrder("GET", "HEAD", "OPTIONS");
            assertNeverKept(news);

            Answer events = RawHttp.ask(SERVER.port(), method, "/events", "Content-Length: 0");
            assertThat(events.header("Allow").split(",")).containsExactlyInAnyOrder("GET", "HEAD", "OPTIONS", "POST");
        }
        assertThat(RawHttp.ask(SERVER.port(), "POST", "/news", "Content-Length: 0")
                        .status())
                .isEqualTo(405);
    }

    // ---- every answer

    @Test
    void no_answer_may_be_cached_transformed_or_buffered() throws IOException {
        for (String target : List.of(
                "/events",
                "/events?channel=secret-1",
                "/events?channel=broken-1",
                "/events?channel=%FF",
                "/news/?channel=a")) {
            assertNeverKept(get(target));
        }
        assertNeverKept(get("/events?channel=a", "Authorization: Basic wrong"));
        try (TestStream stream = SERVER.stream("/events?channel=kept").awaitOpen()) {
            assertThat(stream.header("Cache-Control")).isEqualTo("no-store, no-transform");
            assertThat(stream.header("X-Accel-Buffering")).isEqualTo("no");
        }
    }

    // ---- connections

    @Test
    void an_http_1_0_client_is_served_until_the_connection_closes() throws IOException {
        try (RawHttp client = new RawHttp(SERVER.port())) {
            client.send("GET /events?channel=old HTTP/1.0\r\n\r\n").readUntil("stream-open");
            await().until(() -> SERVER.openStreams() > 0);
            Event sent = events().send("old", "message", 1);
            String all = client.readUntil("data: 1\n\n");

            assertThat(all).startsWith("HTTP/1.1 200 OK\r\n").doesNotContain("Transfer-Encoding", "Content-Length");
            assertThat(all).endsWith("\n\nid: old=" + sent.id() + "\nevent: message\ndata: 1\n\n");
        }
    }

    @Test
    void a_request_pipelined_after_a_stream_ends_it_and_gets_no_answer() throws IOException {
        try (RawHttp client = new RawHttp(SERVER.port())) {
            client.send(RawHttp.request("GET", "/events?channel=pipe")).readUntil("stream-open");
            String all = client.send(RawHttp.request("GET", "/events")).readAll();

            assertThat(all).containsOnlyOnce("HTTP/1.1").doesNotContain("stream-error");
        }
    }

    @Test
    void the_connection_of_a_stream_closes_with_it_so_that_no_request_follows() throws IOException {
        events().finish("over");
        try (RawHttp client = new RawHttp(SERVER.port())) {
            String all =
                    client.send(RawHttp.request("GET", "/events?channel=over")).readAll();

            assertThat(all).contains("\r\nConnection: close\r\n", "\r\nTransfer-Encoding: chunked\r\n", "stream-end");
            assertThat(all).endsWith("\r\n0\r\n\r\n");
        }
    }

    @Test
    void a_client_that_comes_back_at_once_is_understood() throws Exception {
        events().finish("over-and-over");
        HttpClient client = HttpClient.newHttpClient(); // uses a connection again if it can
        URI uri = URI.create("http://localhost:" + SERVER.port() + "/events?channel=over-and-over");

        for (int i = 0; i < 50; i++) {
            HttpResponse<String> stream =
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());

            assertThat(stream.statusCode()).isEqualTo(200);
            assertThat(stream.body()).contains("stream-end");
        }
    }

    @Test
    void requests_pipelined_after_refused_ones_are_answered() throws IOException {
        try (RawHttp client = new RawHttp(SERVER.port())) {
            client.send(RawHttp.request("GET", "/events").repeat(2) + RawHttp.request("GET", "/news?channel=a"));

            assertThat(client.readUntil("remove the channel").split("HTTP/1.1 200 OK"))
                    .hasSize(4);
        }
    }

    @Test
    void a_stream_is_never_compressed_or_delayed_whatever_the_client_accepts() {
        try (TestStream stream = SERVER.stream("/events?channel=zip", "Accept-Encoding", "gzip, deflate, br")) {
            stream.awaitOpen();
            events().send("zip", "message", "x".repeat(10_000));
            stream.awaitMessages(1);

            assertThat(stream.messages()).hasSize(1);
        }
    }
}
