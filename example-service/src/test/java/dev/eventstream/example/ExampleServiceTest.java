package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.testing.ApplicationStreams;
import dev.eventstream.testing.ReceivedEvent;
import dev.eventstream.testing.TestReader;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the example service through real HTTP, with the reference configuration. Each test uses different rooms and channels. */
@ExtendWith(DropwizardExtensionsSupport.class)
@Timeout(60)
class ExampleServiceTest {
    /** The longest data of an event here: less than the longest message, so that a send can fail. */
    private static final int MAX_DATA_CHARACTERS = 3000;

    private static final String TOKEN = "Bearer " + ServiceProcess.TOKEN;

    static final DropwizardAppExtension<ExampleConfiguration> APP = ExampleInProcess.before(
            ConfigOverride.config("eventStream.limits.dataCharacters", String.valueOf(MAX_DATA_CHARACTERS)));

    static final ApplicationStreams<ExampleConfiguration> STREAMS = ExampleInProcess.streams(APP);

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern NUMBER = Pattern.compile("\\{\"number\":(\\d+),\"sent\":\"[-0-9T:.]+Z\"}");

    @ParameterizedTest
    @CsvSource({
        "/,                                       text/html;charset=utf-8,       See for yourself",
        "/prove,                                  text/html;charset=utf-8,       Cut my connection",
        "/prices,                                 text/html;charset=utf-8,       id=\"shares\"",
        "/chat,                                   text/html;charset=utf-8,       choose a room",
        "/private,                                text/html;charset=utf-8,       Sign in",
        "/private/rooms/caf%C3%A9%20%E2%98%95,    text/html;charset=utf-8,       id=\"messages\"",
        "/chat/lobby,                             text/html;charset=utf-8,       id=\"messages\"",
        "/chat/lobby/?user=alice,                 text/html;charset=utf-8,       id=\"messages\"",
        "/chat/caf%C3%A9%20%E2%98%95%3F?user=%3C, text/html;charset=utf-8,       id=\"messages\"",
        "/with/htmx/lobby,                        text/html;charset=utf-8,       channel=htmx-lobby&amp;lastEventId=htmx-lobby%3D",
        "/with/turbo/%26lt%20%E2%98%95?x=y,       text/html;charset=utf-8,       /rooms/&amp;lt%20%E2%98%95/messages/",
        "/eventstream.js,                         text/javascript;charset=utf-8, EventStreamClient",
        "/assets/chart.js,                        text/javascript;charset=utf-8, class Chart",
        "/assets/chat.js,                         text/javascript;charset=utf-8, EventStreamClient",
        "/assets/library.js,                      text/javascript;charset=utf-8, EventStreamClient",
        "/assets/start.js,                        text/javascript;charset=utf-8, curl",
        "/assets/rooms.js,                        text/javascript;charset=utf-8, /chat/",
        "/assets/style.css,                       text/css;charset=utf-8,        #messages",
        "/assets/icon.svg,                        image/svg+xml;charset=utf-8,   <svg",
    })
    void pages_and_their_parts_are_served(String path, String type, String part) throws Exception {
        HttpResponse<String> page = get(path);

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue(type);
        assertThat(page.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(value -> assertThat(value).contains("no-cache"));
        assertThat(page.body()).contains(part);
    }

    @Test
    void pages_run_only_their_own_scripts() throws Exception {
        HttpResponse<String> page = get("/chat/%3Cscript%3Ealert(1)?user=%3Cb%3E");

        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValue("default-src 'self'; base-uri 'none'; frame-ancestors 'none'");
        assertThat(page.body()).doesNotContain("alert(1)", "<b>", "<script>", " onclick", "<style");
    }

    @ParameterizedTest
    @EnumSource
    void pages_of_libraries_contain_the_messages_as_text_and_a_new_nonce(Library library) throws Exception {
        String room = "%3Cb%3E%22%27" + library.label();
        post("/rooms/" + room + "/messages/", form("<i>\"'&", "</p>{{room}}\n<script>"));
        HttpResponse<String> page = get("/with/" + library.label() + "/" + room);

        assertThat(page.body())
                .contains("<bdi class=\"from\">&lt;i&gt;&quot;&#39;&amp;</bdi>")
                .contains("<p class=\"text\" dir=\"auto\">&lt;/p&gt;{{room}}\n&lt;script&gt;</p></li></ol>")
                .contains("<bdi>&lt;b&gt;&quot;&#39;" + library.label() + "</bdi>")
                .doesNotContain("<b>", "<i>", "<script>", "{{stream}}", "{{messages}}", "{{path}}", "{{nonce}}");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(
                        policy -> assertThat(policy)
                                .matches(
                                        "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; style-src 'self' 'nonce-[-0-9a-f]{36}'"))
                .isNotEqualTo(get("/with/htmx/lobby").headers().firstValue("Content-Security-Policy"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/rooms/empty/messages", "/rooms/empty/messages/"})
    void an_empty_room_has_a_position_to_start_from(String path) throws Exception {
        HttpResponse<String> history = get(path);

        assertThat(history.statusCode()).isEqualTo(200);
        assertThat(history.headers().firstValue("Cache-Control")).hasValue("no-store, no-transform");
        assertThat(history.body()).isEqualTo("""
                {"messages":[],"last-event-id":"room-empty=0-0"}""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/rooms/posted/messages", "/rooms/posted/messages/"})
    void a_message_is_returned_listed_and_sent_as_the_same_object(String path) throws Exception {
        Instant before = Instant.now().minusMillis(1);
        String position = lastEventId("posted");
        try (TestReader reader = STREAMS.open("/rooms/posted/events")) {
            assertThat(reader.await("stream-open")).isEqualTo(opened(position));

            HttpResponse<String> posted = post(path, form("alice", "1 < 2 & \"3\" \\ ünï 😀\nnext line"));

            assertThat(posted.statusCode()).isEqualTo(200);
            JsonNode message = JSON.readTree(posted.body());
            assertThat(message.fieldNames()).toIterable().containsExactly("id", "from", "date", "text");
            assertThat(message.get("from").textValue()).isEqualTo("alice");
            assertThat(message.get("text").textValue()).isEqualTo("1 < 2 & \"3\" \\ ünï 😀\nnext line");
            assertThat(Instant.parse(message.get("date").textValue())).isBetween(before, Instant.now());
            assertThat(history("posted").at("/messages/0")).isEqualTo(message);
            ReceivedEvent event = reader.next();
            assertThat(event.type()).isEqualTo("message");
            assertThat(event.lastEventId()).isEqualTo(lastEventId("posted"));
            assertThat(JSON.readTree(event.data())).isEqualTo(message);
        }
    }

    @Test
    void a_history_is_the_newest_fifty_first_to_last() throws Exception {
        for (int i = 1; i <= 51; i++) {
            post("/rooms/full/messages/", form("alice", String.valueOf(i)));
        }

        assertThat(StreamSupport.stream(history("full").get("messages").spliterator(), false)
                        .map(message -> message.get("text").textValue()))
                .containsExactlyElementsOf(IntStream.iterate(51, i -> i >= 2, i -> i - 1)
                        .mapToObj(String::valueOf)
                        .toList());
    }

    @Test
    void a_stream_from_the_history_brings_exactly_what_came_after_it() throws Exception {
        post("/rooms/since/messages/", form("alice", "in the history"));
        String position = lastEventId("since");
        post("/rooms/since/messages/", form("alice", "after it"));

        String query = "lastEventId=" + URLEncoder.encode(position, StandardCharsets.UTF_8);
        for (String path : List.of("/rooms/since/events/?", "/events/?channel=room-since&channel=time&")) {
            try (TestReader reader = STREAMS.open(path + query)) {
                assertThat(reader.await("stream-open")).isEqualTo(opened(position));
                assertThat(reader.await("message").data()).contains("after it");
                reader.assertContiguous();
            }
        }
    }

    @Test
    void a_message_that_cannot_be_sent_is_not_stored_either() throws Exception {
        HttpResponse<String> posted =
                post("/rooms/atomic/messages/", form("alice", "\"".repeat(MAX_DATA_CHARACTERS / 2)));

        assertThat(posted.statusCode()).isEqualTo(500);
        assertThat(get("/rooms/atomic/messages/").body()).isEqualTo("""
                {"messages":[],"last-event-id":"room-atomic=0-0"}""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "caf%C3%A9%20%E2%98%95",
                "%E6%97%A5%E6%9C%AC%E8%AA%9E%F0%9F%98%80",
                "a%3Fb%23c%26d",
                "%7Bx%7D",
                "%5Bx%5D",
                "a+b",
                "a%2Bb",
                "a!'()*",
                "a%3Bb%3A%40%2C%3D",
                "a%22%3C%3E%7C%5E%60",
                ".x",
                "...",
                "_x",
            })
    void a_room_may_have_any_name_that_fits_in_a_path(String room) throws Exception {
        try (TestReader reader = STREAMS.open("/rooms/" + room + "/events/")) {
            assertThat(post("/rooms/" + room + "/messages/", form("alice", room))
                            .statusCode())
                    .isEqualTo(200);

            assertThat(reader.next().lastEventId()).isEqualTo(lastEventId(room)).startsWith("room-");
            assertThat(history(room).at("/messages/0/text").textValue()).isEqualTo(room);
        }
        assertThat(get("/chat/" + room + "?user=alice").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%20",
                "%20x",
                "x%E2%80%83",
                "%00",
                "a%0Ab",
                "a%1Bb",
                "%C2%85",
                "a%2Fb",
                "a%5Cb",
                "a%25b",
                "%2e%2e",
                "%FF",
                "%ED%A0%80",
                "123456789012345678901234567890123456789012345678901",
            })
    void other_room_names_are_refused(String room) throws Exception {
        assertThat(get("/rooms/" + room + "/messages/").statusCode()).isEqualTo(400);
        assertThat(get("/chat/" + room).statusCode()).isEqualTo(400);
        assertThat(get("/with/turbo/" + room).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "from=alice                 | form field \"text\" has 0 characters; allowed are 1 to 2000, not counting white space at both ends",
                "text=hi                    | form field \"from\" has 0 characters; allowed are 1 to 50, not counting white space at both ends",
                "from=alice&text=           | form field \"text\" has 0 characters; allowed are 1 to 2000, not counting white space at both ends",
                "from=alice&text=+%0A       | form field \"text\" has 0 characters; allowed are 1 to 2000, not counting white space at both ends",
                "from=%00&text=hi           | form field \"from\" has a control character or half a surrogate pair; allowed is any other Unicode",
                "from=a%0Ab&text=hi         | form field \"from\" has a control character or half a surrogate pair; allowed is any other Unicode",
                "from=alice&text=a%1B%5B2J  | form field \"text\" has a control character or half a surrogate pair; allowed is any other Unicode, line breaks and tabs",
                "from=alice&text=%zz        | HTTP 400 Bad Request",
                "''                         | form field \"from\" has 0 characters; allowed are 1 to 50, not counting white space at both ends",
            })
    void a_bad_form_is_refused_with_the_reason(String form, String message) throws Exception {
        HttpResponse<String> answer = post("/rooms/bad-forms/messages/", BodyPublishers.ofString(form));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).get("message").textValue()).isEqualTo(message);
        assertThat(history("bad-forms").get("messages")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "x%20, room must not begin or end with white space",
        "%20,  'room has 0 characters; allowed are 1 to 50, not counting white space at both ends'",
        "123456789012345678901234567890123456789012345678901,"
                + " 'room has 51 characters; allowed are 1 to 50, not counting white space at both ends'",
    })
    void a_bad_room_is_refused_with_the_reason(String room, String message) throws Exception {
        HttpResponse<String> answer = post("/rooms/" + room + "/messages/", form("alice", "hi"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).get("message").textValue()).isEqualTo(message);
    }

    @Test
    void lengths_count_characters_not_bytes() throws Exception {
        String path = "/rooms/lengths/messages/";

        assertThat(post(path, form("😀".repeat(50), "a".repeat(2000))).statusCode())
                .isEqualTo(200);
        assertThat(post(path, form("😀".repeat(51), "hi")).statusCode()).isEqualTo(400);
        assertThat(post(path, form("alice", "a".repeat(2001))).body())
                .contains("has 2001 characters; allowed are 1 to 2000");
    }

    @Test
    void a_form_that_is_too_long_is_refused_unread() throws Exception {
        String path = "/rooms/too-long/messages/";

        assertThat(post(path, BodyPublishers.ofString("x".repeat(32 * 1024))).statusCode())
                .isEqualTo(400);
        assertThat(post(path, BodyPublishers.ofString("x".repeat(32 * 1024 + 1)))
                        .statusCode())
                .isEqualTo(413);
        BodyPublisher chunked = BodyPublishers.fromPublisher(form("alice", "of unknown length"));
        assertThat(post(path, chunked).statusCode()).isEqualTo(411);
        assertThat(history("too-long").get("messages")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "application/json,                  415",
        "multipart/form-data; boundary=x,   415",
        "text/plain,                        415",
        "application/x-www-form-urlencoded, 200",
    })
    void only_forms_are_accepted(String type, int status) throws Exception {
        HttpRequest.Builder request = request("/rooms/types/messages/").POST(form("alice", "hi"));

        assertThat(send(request.setHeader("Content-Type", type)).statusCode()).isEqualTo(status);
    }

    @Test
    void a_message_that_is_posted_again_with_its_key_is_stored_and_sent_once() throws Exception {
        try (TestReader reader = STREAMS.open("/rooms/keys/events")) {
            HttpResponse<String> first = postKeyed("keys", "0123456789abcdef", "once");
            HttpResponse<String> second = postKeyed("keys", "0123456789abcdef", "once");
            HttpResponse<String> other = postKeyed("keys", "0123456789abcdeF", "once");

            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(second.body()).isEqualTo(first.body());
            assertThat(other.body()).isNotEqualTo(first.body());
            assertThat(reader.next().data()).isEqualTo(first.body());
            assertThat(reader.next().data()).isEqualTo(other.body());
        }
        assertThat(history("keys").get("messages")).hasSize(2);
    }

    @Test
    void requests_with_the_same_key_at_the_same_time_become_one_message() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers = Stream.generate(() ->
                        HTTP.sendAsync(keyed("race", "0123456789abcdef", "once").build(), BodyHandlers.ofString()))
                .limit(8)
                .toList();

        assertThat(answers.stream().map(CompletableFuture::join))
                .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(200))
                .extracting(HttpResponse::body)
                .containsOnly(answers.get(0).join().body());
        assertThat(history("race").get("messages")).hasSize(1);
    }

    @Test
    void a_key_of_another_message_is_refused_and_counts_in_its_room_only() throws Exception {
        postKeyed("key-a", "0123456789abcdef", "one");

        HttpResponse<String> answer = postKeyed("key-a", "0123456789abcdef", "another");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("another message has this Idempotency-Key");
        assertThat(postKeyed("key-b", "0123456789abcdef", "another").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0123456789abcde", "0123456789abcdef ;", "0123456789abcdef%00", "0123456789abcdef=g"})
    void a_malformed_key_is_refused(String key) throws Exception {
        HttpResponse<String> answer = postKeyed("bad-keys", key, "hi");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("allowed are 16 to 64 letters, digits and hyphens");
        assertThat(postKeyed("bad-keys", "x".repeat(65), "hi").statusCode()).isEqualTo(400);
        assertThat(history("bad-keys").get("messages")).isEmpty();
    }

    private static HttpResponse<String> postKeyed(String room, String key, String text) throws Exception {
        return send(keyed(room, key, text));
    }

    private static HttpRequest.Builder keyed(String room, String key, String text) {
        return request("/rooms/" + room + "/messages")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Idempotency-Key", key)
                .POST(form("alice", text));
    }

    @Test
    void a_room_shows_how_many_read_it_and_who_is_writing() throws Exception {
        try (TestReader reader = STREAMS.open("/events?channel=room-company&channel=typing-room-company")) {
            assertThat(post("/rooms/company/typing", BodyPublishers.ofString("from=%3Cb%3E"))
                            .statusCode())
                    .isEqualTo(204);
            assertThat(reader.await("typing").data()).isEqualTo("{\"from\":\"<b>\"}");
            assertThat(post("/rooms/company/typing", BodyPublishers.ofString("from="))
                            .statusCode())
                    .isEqualTo(400);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(
                                    get("/events/presence?channel=room-company").body())
                            .contains("\"readers\":1,")
                            .doesNotContain("users"));
        }
    }

    @Test
    void the_time_comes_once_a_second_and_has_no_id() {
        try (TestReader reader = STREAMS.open("/events/?channel=time")) {
            assertThat(reader.await("stream-open")).isEqualTo(opened(""));

            Instant first = time(reader.next());
            assertThat(Duration.between(first, time(reader.next())))
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        }
    }

    private static Instant time(ReceivedEvent event) {
        assertThat(event.type()).isEqualTo("time");
        assertThat(event.lastEventId()).isEmpty();
        assertThat(event.data()).matches("\\{\"time\":\"[^\"]+Z\"}");
        return Instant.parse(
                event.data().substring("{\"time\":\"".length(), event.data().lastIndexOf('"')));
    }

    @Test
    void numbers_come_one_after_the_other_once_a_page_asks_for_them() throws Exception {
        try (TestReader reader = STREAMS.open("/events?channel=numbers")) {
            assertThat(post("/demand/numbers", BodyPublishers.noBody()).statusCode())
                    .isEqualTo(204);
            long first = number(reader.next());

            assertThat(Stream.generate(reader::next).limit(5).map(ExampleServiceTest::number))
                    .containsExactly(first + 1, first + 2, first + 3, first + 4, first + 5);
        }
    }

    private static long number(ReceivedEvent event) {
        Matcher matcher = NUMBER.matcher(event.data());
        assertThat(event.type()).isEqualTo("number");
        assertThat(event.lastEventId()).matches("numbers=\\w+-\\d+");
        assertThat(matcher.matches()).as(event.data()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    @Test
    void the_values_of_the_machine_arrive_while_a_page_reads_them() throws Exception {
        try (TestReader reader = STREAMS.open("/events?channel=machine-memory")) {
            assertThat(post("/demand/machine", BodyPublishers.noBody()).statusCode())
                    .isEqualTo(204);

            assertThat(List.of(reader.next().data(), reader.next().data()))
                    .allMatch(data -> data.matches("\\{\"name\":\"memory\",\"number\":\\d+,\"value\":\\d+\\.\\d+}"))
                    .doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/demand/time", "/demand/Numbers", "/demand/%3Cscript%3E"})
    void only_known_sources_can_be_asked_for(String path) throws Exception {
        HttpResponse<String> answer = post(path, BodyPublishers.noBody());

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("there is no such source").doesNotContain("script");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nodes/1/kill", "/nodes/pushpin/restart"})
    void nobody_can_kill_a_service_that_run_did_not_start(String path) throws Exception {
        assertThat(send(request(path).POST(BodyPublishers.noBody()).header("Sec-Fetch-Site", "same-origin"))
                        .statusCode())
                .isEqualTo(404);
        assertThat(get("/nodes").statusCode()).isEqualTo(404);
        assertThat(get("/prove").body())
                .contains("id=\"restart\" hidden", "id=\"pushpin\" hidden", "aria-labelledby=\"nodes-heading\" hidden")
                .doesNotContain("{{");
    }

    @Test
    void underscored_channels_are_for_signed_in_users() {
        assertThat(STREAMS.refusal("/events/?channel=_staff&channel=room-x")).isEqualTo("forbidden");
        try (TestReader reader = STREAMS.open("/events/?channel=_staff", signIn("bob", "builder"))) {
            assertThat(reader.await("stream-open")).isEqualTo(opened("_staff=0-0"));
        }
    }

    @Test
    void private_channels_are_for_their_user_only() {
        String path = "/events/?channel=private-alice";
        STREAMS.open(path, signIn("alice", "wonderland")).close();

        assertThat(STREAMS.refusal(path, signIn("bob", "builder"))).isEqualTo("forbidden");
        assertThat(STREAMS.refusal(path)).isEqualTo("forbidden");
    }

    @ParameterizedTest
    @CsvSource({"alice, builder", "mallory, wonderland", "alice, ''"})
    void wrong_credentials_do_not_count_as_anonymous(String user, String password) {
        assertThat(STREAMS.refusal("/events/?channel=room-x", signIn(user, password)))
                .isEqualTo("status 401");
    }

    @Test
    void a_stream_without_a_channel_is_a_bad_request() {
        assertThat(STREAMS.refusal("/events/")).isEqualTo("bad-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/events", "/events/"})
    void programs_with_the_token_send_to_any_channel(String path) throws Exception {
        String channel = "test" + path.length();
        try (TestReader reader = STREAMS.open("/events/?channel=" + channel)) {
            HttpResponse<String> one = publish(path, TOKEN, """
                    {"channel":"%s","type":"message","data":{"n":1}}""".formatted(channel));
            HttpResponse<String> two = publish(path, TOKEN, """
                    [{"channel":"%1$s","type":"a","data":"x"},{"channel":"%1$s","type":"b","data":null}]""".formatted(channel));

            assertThat(one.statusCode()).isEqualTo(201);
            assertThat(two.statusCode()).isEqualTo(201);
            JsonNode ids = JSON.readTree(two.body());
            assertThat(reader.await(3))
                    .containsExactly(
                            event(channel, "message", "{\"n\":1}", JSON.readTree(one.body())),
                            event(channel, "a", "\"x\"", ids.get(0)),
                            event(channel, "b", "null", ids.get(1)));
        }
        assertThat(STREAMS.sent(channel)).hasSize(3);
    }

    private static ReceivedEvent event(String channel, String type, String data, JsonNode sent) {
        return new ReceivedEvent(type, data, channel + '=' + sent.get("id").textValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer ",
                "Bearer wrong-token-change-me",
                "Basic YWxpY2U6d29uZGVybGFuZA==",
                ServiceProcess.TOKEN
            })
    void programs_without_the_token_cannot_send(String authorization) throws Exception {
        HttpResponse<String> answer =
                publish("/events/", authorization, "{\"channel\":\"x\",\"type\":\"y\",\"data\":1}");

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void the_service_is_healthy_once_migrated() throws Exception {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create("http://localhost:" + APP.getAdminPort() + "/healthcheck")));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"eventstream-store\":{\"healthy\":true");
    }

    private static ReceivedEvent opened(String position) {
        return new ReceivedEvent("stream-open", "{\"keepAlive\":20}", position);
    }

    private static String[] signIn(String user, String password) {
        byte[] credentials = (user + ':' + password).getBytes(StandardCharsets.UTF_8);
        return new String[] {"Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials)};
    }

    private static JsonNode history(String room) throws IOException, InterruptedException {
        return JSON.readTree(get("/rooms/" + room + "/messages/").body());
    }

    private static String lastEventId(String room) throws IOException, InterruptedException {
        return history(room).get("last-event-id").textValue();
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private static HttpResponse<String> post(String path, BodyPublisher form) throws IOException, InterruptedException {
        return send(request(path).POST(form).header("Content-Type", "application/x-www-form-urlencoded"));
    }

    private static HttpResponse<String> publish(String path, String authorization, String json)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).POST(BodyPublishers.ofString(json));
        return send(request.header("Authorization", authorization).header("Content-Type", "application/json"));
    }

    private static BodyPublisher form(String from, String text) {
        return BodyPublishers.ofString("from=" + URLEncoder.encode(from, StandardCharsets.UTF_8) + "&text="
                + URLEncoder.encode(text, StandardCharsets.UTF_8));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(STREAMS.uri(path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    }
}
