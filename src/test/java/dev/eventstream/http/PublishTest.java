package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.RawHttp;
import dev.eventstream.RawHttp.Answer;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.stream.WireReader.WireEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishing over HTTP: the answers, and the events that readers get. */
class PublishTest {
    private static final String TOKEN = "Authorization: Bearer a-token-for-the-tests";
    private static final String JSON = "Content-Type: application/json";

    @RegisterExtension
    static final TestServer SERVER = new TestServer(
            "eventStream.publish.maxBodyBytes=100000",
            "eventStream.limits.dataCharacters=50000",
            "server.applicationConnectors[0].idleTimeout=3s",
            "eventStream.keepAlive=1s");

    private static Answer post(String body, String... headerLines) throws IOException {
        return post(body.getBytes(StandardCharsets.UTF_8), headerLines);
    }

    private static Answer post(byte[] body, String... headerLines) throws IOException {
        return RawHttp.post(
                SERVER.port(), "/events", body, headerLines.length == 0 ? new String[] {TOKEN, JSON} : headerLines);
    }

    private static void assertRefused(Answer answer, String message) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.body()).isEqualTo("{\"message\":\"" + message + "\"}");
    }

    /** The data of all events in the channel, as a reader gets it. */
    private static String dataIn(String channel, int events) {
        try (TestStream stream = SERVER.stream("/events?channel=" + channel, "Last-Event-ID", channel + "=0-0")
                .awaitMessages(events)) {
            assertThat(stream.messages()).hasSize(events);
            return stream.messages().stream().map(WireEvent::data).collect(Collectors.joining("|"));
        }
    }

    private static void assertNothingIn(String channel) {
        assertThat(SERVER.events().currentEventId(channel)).isEqualTo(channel + "=0-0");
    }

    // ---- events

    @Test
    void an_event_is_stored_and_its_id_returned() throws IOException {
        Answer answer = post("{\"channel\":\"one\",\"type\":\"note\",\"data\":{\"b\":1, \"a\":[ ]}}");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store, no-transform");
        String position = SERVER.events().currentEventId("one");
        assertThat(answer.body()).isEqualTo("{\"id\":\"" + position.substring("one=".length()) + "\"}");
        assertThat(dataIn("one", 1)).isEqualTo("{\"b\":1,\"a\":[]}");
    }

    @Test
    void several_events_are_stored_in_order_and_their_ids_returned() throws IOException {
        Answer answer = post("""
                [{"channel":"several","data":1}, {"channel":"unstored-1","data":2}, {"channel":"several","data":3}]
                """);
        String newest = SERVER.events().currentEventId("several").substring("several=".length());
        String epoch = newest.substring(0, newest.indexOf('-'));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body())
                .isEqualTo("[{\"id\":\"%s-1\"},{\"id\":null},{\"id\":\"%s-2\"}]".formatted(epoch, epoch));
        assertThat(dataIn("several", 2)).isEqualTo("1|3");
    }

    @Test
    void one_invalid_event_prevents_storing_any() throws IOException {
        assertRefused(
                post("[{\"channel\":\"all\",\"data\":1},{\"channel\":\"all\"}]"),
                "event 1: an event needs either data (any JSON) or text");
        assertThat(post("[{\"channel\":\"all\",\"data\":1},{\"channel\":\"all\",\"text\":\"" + "x".repeat(50_001)
                                + "\"}]")
                        .body())
                .contains("50001 characters", "eventStream.limits.dataCharacters allows 50000");
        assertNothingIn("all");
    }

    @Test
    void an_unstored_event_gets_no_id() throws IOException {
        try (TestStream stream = SERVER.stream("/events?channel=unstored-p").awaitOpen()) {
            assertThat(post("{\"channel\":\"unstored-p\",\"data\":1}").body()).isEqualTo("{\"id\":null}");
            assertThat(stream.awaitMessages(1).messages().get(0).data()).isEqualTo("1");
        }
    }

    @Test
    void data_arrives_unchanged() throws IOException {
        String data =
                "[12345678901234567890123456789.10,0.1000,1E+400,-0.5,\"\uD83D\uDE00 \u20AC\",null,true,{\"\":\"\"}]";

        assertThat(post("{\"channel\":\"exact\",\"data\":" + data + "}").status())
                .isEqualTo(201);
        assertThat(post("{\"channel\":\"exact\",\"data\":null}").status()).isEqualTo(201);
        assertThat(post("{\"channel\":\"exact\",\"text\":\"two\\nlines, {\\\"no\\\": JSON}\"}")
                        .status())
                .isEqualTo(201);
        assertThat(post("{\"channel\":\"exact\",\"text\":\"\"}").status()).isEqualTo(201);
        assertThat(dataIn("exact", 4)).isEqualTo(data + "|null|two\nlines, {\"no\": JSON}|");
    }

    @Test
    void users_can_be_skipped_and_a_repeated_key_returns_the_first_id() throws IOException {
        String body = "{\"channel\":\"keyed\",\"data\":1,\"skipUsers\":[\"ann\"],\"idempotencyKey\":\"k1\"}";
        Answer first = post(body);

        assertThat(post(body).body()).isEqualTo(first.body());
        assertThat(post("{\"channel\":\"keyed\",\"data\":2}").status()).isEqualTo(201);
        assertThat(dataIn("keyed", 2)).isEqualTo("1|2");
        try (TestStream ann = SERVER.stream(
                        "/events?channel=keyed", "Authorization", TestServer.basic("ann"), "Last-Event-ID", "keyed=0-0")
                .awaitMessages(1)) {
            assertThat(ann.messages().get(0).data()).isEqualTo("2");
        }
    }

    // ---- tokens

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: y",
                "Authorization: Bearer",
                "Authorization:",
                "Authorization: a-token-for-the-tests",
                "Authorization: Basic a-token-for-the-tests",
                "Authorization: Bearera-token-for-the-tests",
                "Cookie: access_token=a-token-for-the-tests",
            })
    void a_request_without_a_token_is_refused(String header) throws IOException {
        Answer answer = post("{\"channel\":\"denied\",\"data\":1}", header, JSON);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"events\"");
        assertThat(answer.body())
                .isEqualTo(
                        "{\"message\":\"No bearer token was sent; this address needs the header Authorization: Bearer"
                                + " TOKEN.\"}");
        assertNothingIn("denied");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer wrong-token-for-the-tests",
                "Authorization: Bearer A-token-for-the-tests",
                "Authorization: Bearer a-token-for-the-tests2",
                "Authorization: Bearer a-token-for-the-test",
                "Authorization: bearer wrong",
            })
    void a_request_with_a_wrong_token_is_refused(String header) throws IOException {
        Answer answer = post("{\"channel\":\"denied\",\"data\":1}", header, JSON);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"events\", error=\"invalid_token\"");
        assertThat(answer.body()).isEqualTo("{\"message\":\"The bearer token is not valid here.\"}");
        assertNothingIn("denied");
    }

    @Test
    void a_token_in_the_address_is_ignored() throws IOException {
        assertThat(RawHttp.post(
                                SERVER.port(),
                                "/events?access_token=a-token-for-the-tests",
                                "{\"channel\":\"denied\",\"data\":1}".getBytes(StandardCharsets.UTF_8),
                                JSON)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void the_scheme_name_is_case_insensitive() throws IOException {
        assertThat(post("{\"channel\":\"case\",\"data\":1}", "Authorization: bEARER a-token-for-the-tests", JSON)
                        .status())
                .isEqualTo(201);
    }

    // ---- bodies

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"channel\":\"bad\",\"data\":1",
                "[{\"channel\":\"bad\",\"data\":1},",
                "[{\"channel\":\"bad\",\"data\":1}",
                "{\"channel\":\"bad\",\"data\":1}}",
                "{\"channel\":\"bad\",\"data\":1} {\"channel\":\"bad\",\"data\":2}",
                "{\"channel\":\"bad\",\"data\":1} x",
                "{\"channel\":\"bad\",\"channel\":\"bad2\",\"data\":1}",
                "{\"channel\":\"bad\",\"data\":{\"a\":1,\"a\":2}}",
                "{'channel':'bad','data':1}",
                "{\"channel\":\"bad\",\"data\":NaN}",
                "{\"channel\":\"bad\",\"data\":01}",
                "{\"channel\":\"bad\",\"data\":1,}",
                "{\"channel\":\"bad\",\"data\":\"\u0000\"}",
                "channel=bad&data=1",
                "// nothing\n{\"channel\":\"bad\",\"data\":1}",
            })
    void a_body_that_is_not_json_is_refused(String body) throws IOException {
        assertRefused(post(body), "The body is not valid JSON.");
        assertNothingIn("bad");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "``                                    | an event must be an object with channel, type and data",
                "null                                  | an event must be an object with channel, type and data",
                "1                                     | an event must be an object with channel, type and data",
                "\"x\"                                 | an event must be an object with channel, type and data",
                "[]                                    | the body has 0 events; allowed are 1 to 1000",
                "[[]]                                  | event 0: an event must be an object with channel, type and data",
                "[null]                                | event 0: an event must be an object with channel, type and data",
                "{}                                    | an event needs either data (any JSON) or text",
                "{\"data\":1}                          | channel must be a string",
                "{\"channel\":1,\"data\":1}            | channel must be a string",
                "{\"channel\":null,\"data\":1}         | channel must be a string",
                "{\"channel\":[\"bad\"],\"data\":1}    | channel must be a string",
                "{\"channel\":\"\",\"data\":1}         | channel name \\\"\\\" has 0 characters; allowed are 1 to 255",
                "{\"channel\":\"bad\",\"type\":null,\"data\":1} | type must be a string",
                "{\"channel\":\"bad\",\"type\":\"\",\"data\":1} | event type \\\"\\\" has 0 characters; allowed are 1 to 255",
                "{\"channel\":\"bad\",\"type\":\"keep-alive\",\"data\":1} | event type \\\"keep-alive\\\" is reserved for the stream or for EventSource itself; allowed are all but [stream-open, stream-reset, stream-end, stream-error, keep-alive, open, error]",
                "{\"channel\":\"bad\"}                 | an event needs either data (any JSON) or text",
                "{\"channel\":\"bad\",\"data\":1,\"text\":\"1\"} | an event needs either data (any JSON) or text",
                "{\"channel\":\"bad\",\"text\":1}      | text must be a string",
                "{\"channel\":\"bad\",\"text\":null}   | text must be a string",
                "{\"channel\":\"bad\",\"text\":\"\\ud800\"} | event data has half a surrogate pair, which UTF-8 cannot carry",
                "{\"channel\":\"bad\",\"data\":[\"\\udc00\"]} | event data has half a surrogate pair, which UTF-8 cannot carry",
                "{\"channel\":\"bad\",\"data\":1,\"skipUsers\":\"ann\"} | skipUsers must be an array of user names",
                "{\"channel\":\"bad\",\"data\":1,\"skipUsers\":null} | skipUsers must be an array of user names",
                "{\"channel\":\"bad\",\"data\":1,\"skipUsers\":[\"ann\",7]} | every entry of skipUsers must be a string",
                "{\"channel\":\"bad\",\"data\":1,\"skipUsers\":[null]} | every entry of skipUsers must be a string",
                "{\"channel\":\"bad\",\"data\":1,\"skipUsers\":[[]]} | every entry of skipUsers must be a string",
                "{\"channel\":\"bad\",\"data\":1,\"idempotencyKey\":5} | idempotencyKey must be a string",
                "{\"channel\":\"bad\",\"data\":1,\"idempotencyKey\":null} | idempotencyKey must be a string",
                "{\"channel\":\"bad\",\"data\":1,\"idempotencyKey\":\"\"} | an idempotency key of 0 characters is not allowed; allowed are 1 to 255 characters without control characters or half a surrogate pair",
                "{\"channel\":\"bad\",\"data\":1,\"id\":\"a-1\"} | an event has an unknown field; allowed are channel, data, idempotencyKey, skipUsers, text, type",
            })
    void a_body_that_is_not_an_event_is_refused(String body, String message) throws IOException {
        assertRefused(post(body), message);
        assertNothingIn("bad");
    }

    @Test
    void bytes_that_are_not_utf_8_are_refused() throws IOException {
        assertRefused(
                post("{\"channel\":\"bad\",\"data\":\"\u00E9\"}".getBytes(StandardCharsets.ISO_8859_1)),
                "The body is not valid JSON.");
    }

    @Test
    void json_with_too_much_nesting_or_too_large_numbers_is_refused() throws IOException {
        String deep = "[".repeat(1_001) + "]".repeat(1_001);

        assertRefused(post("{\"channel\":\"bad\",\"data\":" + deep + "}"), "The body is not valid JSON.");
        assertRefused(post("{\"channel\":\"bad\",\"data\":" + "9".repeat(1_001) + "}"), "The body is not valid JSON.");
        assertRefused(post("{\"channel\":\"bad\",\"data\":1e99999999999}"), "The body is not valid JSON.");
        assertNothingIn("bad");
        assertThat(post("{\"channel\":\"far\",\"data\":[1e999999999,1E-999999999]}")
                        .status())
                .isEqualTo(201);
        assertThat(dataIn("far", 1)).isEqualTo("[1E+999999999,1E-999999999]");
    }

    @Test
    void a_request_may_contain_up_to_a_thousand_events() throws IOException {
        assertThat(post(events("many", 1_000)).status()).isEqualTo(201);
        assertRefused(post(events("toomany", 1_001)), "the body has 1001 events; allowed are 1 to 1000");
        assertNothingIn("toomany");
    }

    private static String events(String channel, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"channel\":\"" + channel + "\",\"data\":" + i + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void a_body_longer_than_the_limit_is_refused() throws IOException {
        String event = "{\"channel\":\"long\",\"data\":1}";
        String padded = event + " ".repeat(100_000 - event.length());

        assertThat(post(padded).status()).isEqualTo(201);
        Answer tooLong = post(padded + " ");
        assertThat(tooLong.status()).isEqualTo(413);
        assertThat(tooLong.body())
                .isEqualTo("{\"message\":\"The body has more than 100000 bytes (eventStream.publish.maxBodyBytes).\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"})
    void another_content_type_is_refused(String type) throws IOException {
        assertThat(post("{\"channel\":\"bad\",\"data\":1}", TOKEN, "Content-Type: " + type)
                        .status())
                .isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json;charset=utf-8", "APPLICATION/JSON; charset=\"UTF-8\"", "application/json;v=1"})
    void the_content_type_may_have_parameters(String type) throws IOException {
        assertThat(post("{\"channel\":\"type\",\"data\":\"\u20AC\"}", TOKEN, "Content-Type: " + type)
                        .status())
                .isEqualTo(201);
    }

    @Test
    void a_body_may_be_chunked() throws IOException {
        try (RawHttp client = new RawHttp(SERVER.port())) {
            client.send(
                    RawHttp.request("POST", "/events", TOKEN, JSON, "Transfer-Encoding: chunked", "Connection: close"));
            client.send("b\r\n{\"channel\":\r\n").send("12\r\n\"chunked\",\"data\":1\r\n");

            assertThat(client.send("1\r\n}\r\n0\r\n\r\n").answer().status()).isEqualTo(201);
        }
    }

    @Test
    void a_body_that_never_ends_is_refused_and_stores_nothing() throws IOException {
        try (RawHttp client = new RawHttp(SERVER.port())) {
            client.send(RawHttp.request("POST", "/events", TOKEN, JSON, "Content-Length: 100"));
            Answer answer = client.send("{\"channel\":\"slow\",").answer();

            assertThat(answer.status()).isBetween(400, 499);
        }
        assertNothingIn("slow");
    }

    @Test
    void a_truncated_body_stores_nothing() throws IOException {
        try (RawHttp client = new RawHttp(SERVER.port())) {
            client.send(RawHttp.request("POST", "/events", TOKEN, JSON, "Content-Length: 100"))
                    .send("{\"channel\":\"cut\",\"data\":1}");
        }
        assertThat(post("{\"channel\":\"after\",\"data\":1}").status()).isEqualTo(201);
        assertNothingIn("cut");
    }
}
