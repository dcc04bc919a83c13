package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.Logged;
import dev.eventstream.RawHttp;
import dev.eventstream.RawHttp.Answer;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How readers are identified. No request is attributed to the wrong user. */
class AuthenticationTest {
    private static final String MEMBERS = "/events?channel=members-1";

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @RegisterExtension
    static final TestServer LENIENT = new TestServer("eventStream.auth.accessTokenParameter=true");

    @RegisterExtension
    static final TestServer OTHER_HEADER = new TestServer("eventStream.auth.headers=X-Session-Token");

    private static Answer get(String target, String... headerLines) throws IOException {
        return RawHttp.get(SERVER.port(), target, headerLines);
    }

    private static void assertReads(TestServer server, String target, String... headers) {
        try (TestStream stream = server.stream(target, headers)) {
            assertThat(stream.status()).isEqualTo(200);
            stream.awaitOpen();
        }
    }

    @Test
    void basic_bearer_and_cookie_credentials_identify_the_reader() {
        assertReads(SERVER, MEMBERS, "Authorization", TestServer.basic("ann"));
        assertReads(SERVER, MEMBERS, "Authorization", "Bearer token-of-ann");
        assertReads(SERVER, MEMBERS, "Cookie", "theme=dark; session=of-ann");
    }

    @Test
    void a_reader_without_credentials_is_anonymous() throws IOException {
        assertReads(SERVER, "/events?channel=open");
        assertReads(SERVER, "/events?channel=open", "Cookie", "theme=dark");
        assertThat(get(MEMBERS).body()).contains("\"condition\":\"forbidden\"");
        assertThat(get(MEMBERS, "Cookie: theme=dark").body()).contains("\"condition\":\"forbidden\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Basic YW5uOndyb25n",
                "Authorization: Basic YW5u",
                "Authorization: Basic !!!",
                "Authorization: Basic",
                "Authorization: Bearer wrong",
                "Authorization: Bearer",
                "Authorization: Digest token-of-ann",
                "Authorization: token-of-ann",
                "Authorization:",
                "X-Api-Key: wrong",
                "x-api-key:",
                "Cookie: session=wrong",
                "Cookie: session=",
            })
    void wrong_credentials_are_refused_even_for_a_public_channel(String header) throws IOException {
        try (Logged logged = new Logged()) {
            Answer answer = get("/events?channel=open", header);

            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.headers("WWW-Authenticate")).isNotEmpty();
            assertThat(answer.body()).doesNotContain("stream-open");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store, no-transform");
            assertThat(String.join("\n", logged.lines())).doesNotContain("YW5u", "wrong", "token-of-ann", "ERROR");
        }
    }

    @Test
    void only_the_configured_headers_count_as_credentials_besides_authorization() throws Exception {
        for (String header : new String[] {"X-Session-Token: wrong", "Authorization: Bearer wrong"}) {
            assertThat(RawHttp.get(OTHER_HEADER.port(), "/events?channel=open", header)
                            .status())
                    .isEqualTo(401);
        }
        assertReads(OTHER_HEADER, "/events?channel=open", "X-Api-Key", "wrong");
    }

    @Test
    void an_access_token_in_the_address_is_refused_by_default() throws IOException {
        for (String target : new String[] {
            MEMBERS + "&access_token=token-of-ann",
            "/events?channel=open&access_token=",
            "/events?channel=open&access_token"
        }) {
            Answer answer = get(target);

            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body())
                    .isEqualTo("access_token in the address is not allowed (eventStream.auth.accessTokenParameter)\n");
        }
    }

    @Test
    void the_bundles_401_opens_no_dialog_and_a_filters_401_keeps_its_challenge() throws IOException {
        assertThat(get(MEMBERS + "&access_token=x").header("WWW-Authenticate")).isEqualTo("Bearer realm=\"events\"");
        assertThat(get(MEMBERS, "Authorization: Basic YW5uOndyb25n").header("WWW-Authenticate"))
                .contains("Basic realm=\"test\"");
    }

    @Test
    void an_access_token_in_the_address_works_if_enabled() throws IOException {
        assertReads(LENIENT, MEMBERS + "&access_token=token-of-ann");
        assertThat(RawHttp.get(LENIENT.port(), "/events?channel=open&access_token=wrong")
                        .status())
                .isEqualTo(401);
        assertThat(RawHttp.get(LENIENT.port(), "/events?channel=open&access_token=")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_filter_may_abort_with_a_custom_answer() throws IOException {
        Answer answer = get("/events?channel=open", "Cookie: session=abort");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("go away\n");
    }

    @Test
    void a_failing_filter_admits_no_reader_and_is_logged_once() throws IOException {
        try (Logged logged = new Logged()) {
            Answer answer = get("/events?channel=open", "Cookie: session=throw", "Authorization: Bearer wrong-secret");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("\"condition\":\"internal-error\"")
                    .doesNotContain("session store", "stream-open", "id:");
            assertThat(logged.lines())
                    .filteredOn(line -> line.contains("session store is gone"))
                    .hasSize(1);
            assertThat(String.join("\n", logged.lines())).doesNotContain("wrong-secret");
        }
    }

    @Test
    void credentials_are_never_logged() throws Exception {
        String secret = Base64.getEncoder().encodeToString("ann:right".getBytes(StandardCharsets.UTF_8));
        try (Logged logged = new Logged()) {
            assertReads(SERVER, MEMBERS, "Authorization", TestServer.basic("ann"));
            assertReads(LENIENT, MEMBERS + "&access_token=token-of-ann");
            get("/events?channel=broken-1", "Authorization: " + TestServer.basic("ann"));

            assertThat(logged.lines()).isNotEmpty();
            assertThat(String.join("\n", logged.lines())).doesNotContain(secret, "token-of-ann", "right");
        }
    }
}
