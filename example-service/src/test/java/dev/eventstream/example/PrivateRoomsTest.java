package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.testing.ApplicationStreams;
import dev.eventstream.testing.ReceivedEvent;
import dev.eventstream.testing.TestReader;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in, and the private rooms, through real HTTP. Each test uses a different room. */
@ExtendWith(DropwizardExtensionsSupport.class)
@Timeout(60)
class PrivateRoomsTest {
    static final DropwizardAppExtension<ExampleConfiguration> APP = ExampleInProcess.before();
    static final ApplicationStreams<ExampleConfiguration> STREAMS = ExampleInProcess.streams(APP);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOBODY = "session=";

    @Test
    void a_password_is_exchanged_for_a_cookie_that_scripts_and_other_addresses_do_not_get() throws Exception {
        HttpResponse<String> answer = signIn("bob", "builder");

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.headers().allValues("Set-Cookie"))
                .singleElement()
                .asString()
                .matches("session=[-0-9a-f]{36};Version=1;Path=/private;Max-Age=28800;Secure;HttpOnly;SameSite=Lax");
        JsonNode session = JSON.readTree(get("/private/session", cookie(answer)).body());
        assertThat(session.get("name").textValue()).isEqualTo("bob");
        assertThat(session.get("administrator").booleanValue()).isFalse();
        assertThat(session.get("rooms").toString()).contains("\"staff\"");
    }

    @ParameterizedTest
    @CsvSource({"name=bob&password=wonderland", "name=mallory&password=builder", "name=bob", "password=builder", "''"})
    void wrong_credentials_get_the_same_answer_and_no_cookie(String form) throws Exception {
        HttpResponse<String> answer = send(request("/private/session", NOBODY)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("the name or the password is wrong");
        assertThat(answer.headers().map()).doesNotContainKey("set-cookie");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Session realm=\"example-service\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {NOBODY, "session=00000000-0000-0000-0000-000000000000", "session=' or 1=1", "other=x"})
    void a_forged_cookie_opens_nothing(String cookie) throws Exception {
        for (String path :
                List.of("/private/session", "/private/rooms/staff/messages", "/private/rooms/staff/members")) {
            assertThat(get(path, cookie).statusCode()).isEqualTo(401);
        }
        assertThat(STREAMS.refusal("/private/rooms/staff/events", "Cookie", cookie))
                .isIn("status 401", "forbidden");
    }

    @Test
    void whoever_signs_out_loses_session_and_streams() throws Exception {
        String bob = cookie(signIn("bob", "builder"));
        try (TestReader reader = STREAMS.open("/private/me/events", "Cookie", bob)) {
            HttpResponse<String> answer = send(request("/private/session", bob).DELETE());

            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(reader.await("stream-error").data()).contains("disconnected", "You have signed out.");
        }
        assertThat(get("/private/session", bob).statusCode()).isEqualTo(401);
        assertThat(send(request("/private/session", bob).DELETE()).statusCode()).isEqualTo(204);
    }

    @Test
    void a_lost_permission_ends_the_stream_and_a_new_one_continues_it() throws Exception {
        String alice = cookie(signIn("alice", "wonderland"));
        String bob = cookie(signIn("bob", "builder"));
        String room = "/private/rooms/team%20%3Cb%3E";
        assertThat(get(room + "/messages", bob).statusCode()).isEqualTo(403);
        assertThat(STREAMS.refusal(room + "/events", "Cookie", bob)).isEqualTo("forbidden");

        assertThat(permit(room, alice, true)).isEqualTo(204);
        try (TestReader news = STREAMS.open("/private/me/events", "Cookie", bob);
                TestReader reader = STREAMS.open(room + "/events", "Cookie", bob)) {
            assertThat(post(room, bob, "Is anybody here?").statusCode()).isEqualTo(200);
            ReceivedEvent read = reader.await("message");
            assertThat(read.data()).contains("\"from\":\"bob\"", "Is anybody here?");

            assertThat(permit(room, alice, false)).isEqualTo(204);
            assertThat(reader.await("stream-error").data()).contains("\"condition\":\"forbidden\"");
            assertThat(permission(news)).hasToString("{\"mayRead\":false,\"room\":\"team <b>\"}");
            assertThat(get(room + "/messages", bob).statusCode()).isEqualTo(403);
            assertThat(post(room, bob, "Hello?").statusCode()).isEqualTo(403);
            assertThat(post(room, alice, "Not for Bob.").statusCode()).isEqualTo(200);

            assertThat(permit(room, alice, true)).isEqualTo(204);
            assertThat(permission(news)).hasToString("{\"mayRead\":true,\"room\":\"team <b>\"}");
            String position = URLEncoder.encode(read.lastEventId(), StandardCharsets.UTF_8);
            try (TestReader again = STREAMS.open(room + "/events?lastEventId=" + position, "Cookie", bob)) {
                assertThat(again.await("message").data()).contains("Not for Bob.");
            }
        }
    }

    // the order of the fields is not fixed
    private static JsonNode permission(TestReader news) throws IOException {
        JsonNode permission = JSON.readTree(news.next().data());
        return JSON.createObjectNode()
                .put("mayRead", permission.get("mayRead").booleanValue())
                .put("room", permission.get("room").textValue());
    }

    @Test
    void a_change_that_changes_nothing_is_no_event() throws Exception {
        String alice = cookie(signIn("alice", "wonderland"));

        assertThat(permit("/private/rooms/same", alice, true)).isEqualTo(204);
        int sent = STREAMS.sent("private-bob").size();
        assertThat(permit("/private/rooms/same", alice, true)).isEqualTo(204);
        assertThat(STREAMS.sent("private-bob")).hasSize(sent);
        assertThat(get("/private/rooms/same/members", alice).body()).isEqualTo("""
                [{"name":"bob","mayRead":true}]""");
    }

    @Test
    void only_administrators_see_and_change_who_is_a_member() throws Exception {
        String bob = cookie(signIn("bob", "builder"));

        assertThat(get("/private/rooms/staff/members", bob).statusCode()).isEqualTo(403);
        assertThat(permit("/private/rooms/other", bob, true)).isEqualTo(403);
        assertThat(permit("/private/rooms/staff", bob, false)).isEqualTo(403);
        assertThat(get("/private/rooms/staff/messages", bob).statusCode()).isEqualTo(200);
    }

    @Test
    void only_users_become_members() throws Exception {
        String alice = cookie(signIn("alice", "wonderland"));

        HttpResponse<String> answer =
                send(request("/private/rooms/staff/members/%3Cscript%3E", alice).PUT(BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("there is no such user").doesNotContain("script");
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
        "Sec-Fetch-Site, ''",
        "Origin,         https://evil.example",
        "Origin,         null",
    })
    void pages_of_other_sites_change_nothing(String header, String value) throws Exception {
        String alice = cookie(signIn("alice", "wonderland"));
        String room = "/private/rooms/staff";

        assertThat(List.of(
                        request("/private/session", alice).DELETE(),
                        request("/private/session", alice).POST(BodyPublishers.ofString("name=bob&password=builder")),
                        request(room + "/messages", alice).POST(BodyPublishers.ofString("text=hi")),
                        request(room + "/typing", alice).POST(BodyPublishers.noBody()),
                        request(room + "/members/bob", alice).DELETE(),
                        request(room + "/members/bob", alice).PUT(BodyPublishers.noBody())))
                .allSatisfy(request -> assertThat(send(request.setHeader(header, value)
                                        .setHeader("Content-Type", "application/x-www-form-urlencoded"))
                                .statusCode())
                        .isEqualTo(403));
        assertThat(get("/private/session", alice).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%20x", "%00", "%2e%2e", "123456789012345678901234567890123456789012345678901"})
    void rooms_need_an_allowed_name(String room) throws Exception {
        String alice = cookie(signIn("alice", "wonderland"));

        assertThat(get("/private/rooms/" + room, alice).statusCode()).isEqualTo(400);
        assertThat(get("/private/rooms/" + room + "/messages", alice).statusCode())
                .isEqualTo(400);
        assertThat(permit("/private/rooms/" + room, alice, true)).isEqualTo(400);
    }

    @Test
    void a_private_room_shares_nothing_with_the_public_one_of_the_same_name() throws Exception {
        String alice = cookie(signIn("alice", "wonderland"));
        post("/private/rooms/twin", alice, "secret");

        assertThat(get("/rooms/twin/messages", NOBODY).body()).doesNotContain("secret");
        assertThat(STREAMS.refusal("/events?channel=members-twin")).isEqualTo("forbidden");
        assertThat(STREAMS.refusal("/events?channel=typing-members-twin")).isEqualTo("forbidden");
        assertThat(STREAMS.channels()).doesNotContain("htmx-twin", "turbo-twin");
    }

    @Test
    void members_see_who_is_there_and_who_is_writing() throws Exception {
        String alice = cookie(signIn("alice", "wonderland"));
        String bob = cookie(signIn("bob", "builder"));
        String room = "/private/rooms/staff";
        try (TestReader reader = STREAMS.open(room + "/events", "Cookie", bob)) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() ->
                            assertThat(get(room + "/presence", alice).body()).isEqualTo("""
                            {"readers":1,"users":["bob"]}"""));

            assertThat(send(request(room + "/typing", alice).POST(BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(204);
            ReceivedEvent typing = reader.await("typing");
            assertThat(typing.data()).isEqualTo("{\"from\":\"alice\"}");
        }
    }

    @Test
    void the_demo_accounts_are_shown_because_they_are_those_of_the_reference_configuration() throws Exception {
        assertThat(get("/private", NOBODY).body())
                .contains("aria-labelledby=\"demo\">", "wonderland", "builder")
                .doesNotContain("{{");
        assertThat(new PagesResource(Optional.empty(), false)
                        .signIn()
                        .getEntity()
                        .toString())
                .doesNotContain("wonderland");
    }

    private static HttpResponse<String> signIn(String name, String password) throws Exception {
        return send(request("/private/session", NOBODY)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Sec-Fetch-Site", "same-origin")
                .POST(BodyPublishers.ofString("name=" + name + "&password=" + password)));
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    }

    private static int permit(String room, String cookie, boolean isAllowed) throws Exception {
        return send(request(room + "/members/bob", cookie)
                        .method(isAllowed ? "PUT" : "DELETE", BodyPublishers.noBody()))
                .statusCode();
    }

    private static HttpResponse<String> post(String room, String cookie, String text) throws Exception {
        return send(request(room + "/messages", cookie)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("text=" + URLEncoder.encode(text, StandardCharsets.UTF_8))));
    }

    private static HttpResponse<String> get(String path, String cookie) throws Exception {
        return send(request(path, cookie));
    }

    private static HttpRequest.Builder request(String path, String cookie) {
        return HttpRequest.newBuilder(STREAMS.uri(path))
                .header("Cookie", cookie)
                .timeout(Duration.ofSeconds(10));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        // with its own connection: Jetty closes one whose last request it refused without reading its body
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }
}
