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

/** Who a reader is, and that nobody is taken for somebody else. */
class AuthenticationTest {
    private static final String MEMBERS = "/events?channel=members-1";

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @RegisterExtension
    static final TestServer LENIENT = new TestServer("eventStream.auth.accessTokenParameter=true");

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
    void basic_and_bearer_credentials_say_who_reads() {
        assertReads(SERVER, MEMBERS, "Authorization", TestServer.basic("ann"));
        assertReads(SERVER, MEMBERS, "Authorization", "Bearer token-of-ann");
        assertReads(SERVER, MEMBERS, "Cookie", "theme=dark; session=of-ann");
    }

    @Test
    void without_credentials_a_reader_is_anonymous() throws IOException {
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
                "Cookie: session=wrong",
                "Cookie: session=",
            })
    void wrong_credentials_are_refused_even_where_anybody_may_read(String header) throws IOException {
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
    void access_token_in_the_address_is_off_by_default() throws IOException {
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
    void a_401_of_the_bundle_opens_no_dialog_and_that_of_a_filter_keeps_its_challenge() throws IOException {
        assertThat(get(MEMBERS + "&access_token=x").header("WWW-Authenticate")).isEqualTo("Bearer realm=\"events\"");
        assertThat(get(MEMBERS, "Authorization: Basic YW5uOndyb25n").header("WWW-Authenticate"))
                .contains("Basic realm=\"test\"");
    }

    @Test
    void access_token_in_the_address_counts_where_it_is_on() throws IOException {
        assertReads(LENIENT, MEMBERS + "&access_token=token-of-ann");
        assertThat(RawHttp.get(LENIENT.port(), "/events?channel=open&access_token=wrong")
                        .status())
                .isEqualTo(401);
        assertThat(RawHttp.get(LENIENT.port(), "/events?channel=open&access_token=")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_filter_that_aborts_has_the_last_word() throws IOException {
        Answer answer = get("/events?channel=open", "Cookie: session=abort");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("go away\n");
    }

    @Test
    void a_filter_that_fails_lets_nobody_in_and_is_logged_once() throws IOException {
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
    void names_of_users_are_logged_but_never_what_they_show() throws Exception {
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
