package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.RawHttp;
import dev.eventstream.TestServer;
import dev.eventstream.TestStream;
import dev.eventstream.grip.Tokens;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers to a proxy's requests, header by header, and to clients that pretend to be a proxy. */
class NextLinkRequestsTest {
    @RegisterExtension
    static final TestServer SERVER = TestServer.withMore("""
            grip:
              linkSecrets: [a-secret-for-the-links-of-the-tests]
              proxies:
                - url: http://127.0.0.1:1?verify-key=a-key-of-the-tests-which-is-no-secret
            """);

    private static final String GRIP_LAST = "Grip-Last: events-links; last-id=";

    @Test
    void the_headers_instruct_the_proxy_to_hold_the_stream() throws Exception {
        String id = SERVER.events().send("links", "message", 1).id().toString();
        RawHttp.Answer answer = ask("/events?channel=links");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Grip-Hold")).isEqualTo("stream");
        assertThat(answer.headers("Grip-Channel"))
                .containsExactly(
                        "events-links; prev-id=" + id + "; filter=build-id; filter=skip-users",
                        "anonymous; filter=require-sub");
        assertThat(answer.header("Grip-Set-Meta")).isEqualTo("id_format=\"links=%(events-links)s\"");
        assertThat(answer.header("Grip-Keep-Alive"))
                .isEqualTo("event: keep-alive\\ndata:\\n\\n; format=cstring; timeout=20");
        assertThat(answer.header("Grip-Link"))
                .matches("</events/_next/[A-Za-z0-9_-]{24}\\?link=[A-Za-z0-9_.-]+>; rel=next; timeout=20");
    }

    @Test
    void an_error_is_never_held() throws Exception {
        for (String target : List.of("/events?channel=secret-1", "/events", "/events?channel=x&lastEventId=%21")) {
            RawHttp.Answer answer = ask(target);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).contains("stream-error");
            assertThat(answer.head()).doesNotContain("Grip-");
        }
        assertThat(ask("/events?channel=x&lastEventId=error").head())
                .contains("400")
                .doesNotContain("Grip-");
        assertThat(ask("/events?channel=x", "Authorization: Basic d3Jvbmc=").head())
                .doesNotContain("Grip-");
    }

    @Test
    void a_recover_request_returns_the_missed_events_and_the_same_link() throws Exception {
        String before = SERVER.events().send("links", "message", "before").id().toString();
        String link = link("/events?channel=links");
        String missed = SERVER.events().send("links", "message", "100%").id().toString();
        RawHttp.Answer answer = ask(link, GRIP_LAST + before);
        assertThat(answer.header("Grip-Hold")).isEqualTo("stream");
        assertThat(answer.header("Grip-Channel")).startsWith("events-links; prev-id=" + missed + ";");
        assertThat(answer.header("Grip-Link")).contains("<" + link + ">");
        assertThat(answer.body()).isEqualTo("id: links=" + missed + "\nevent: message\ndata: \"100%%\"\n\n");
        assertThat(ask(link, GRIP_LAST + missed).body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Grip-Last: events-other; last-id=e-1", "Grip-Last: events-links; last-id=nonsense"})
    void a_link_without_a_valid_position_from_the_proxy_is_refused(String header) throws Exception {
        String link = link("/events?channel=links");
        RawHttp.Answer answer = header.isEmpty() ? ask(link) : ask(link, header);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void a_link_without_a_proxys_signature_is_refused() throws Exception {
        String id = SERVER.events().send("links", "message", 1).id().toString();
        String link = link("/events?channel=links");
        RawHttp.Answer answer = RawHttp.get(SERVER.port(), link, GRIP_LAST + id);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void an_altered_link_ends_the_stream_and_reveals_nothing() throws Exception {
        String id = SERVER.events().send("links", "message", 1).id().toString();
        String mine = link("/events?channel=links", "Authorization: " + TestServer.basic("jo"));
        String other = link("/events?channel=links", "Authorization: " + TestServer.basic("al"));
        String mixed = mine.substring(0, mine.indexOf('?')) + other.substring(other.indexOf('?'));
        for (String altered : List.of(
                mixed,
                mine.substring(0, mine.length() - 2),
                mine.substring(0, mine.indexOf('?')),
                mine + "&link=",
                mine.replace("_next/", "_next/x"))) {
            RawHttp.Answer answer = ask(altered, GRIP_LAST + id);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.head()).doesNotContain("Grip-");
            assertThat(answer.body())
                    .isEqualTo(": this link is not valid; the stream ends, and its client comes back\n\n");
        }
    }

    @Test
    void each_signed_in_reader_has_a_separate_link_and_anonymous_readers_share_a_few() throws Exception {
        Set<String> shared = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            shared.add(link("/events?channel=links"));
            shared.add(link("/events/links"));
        }
        // ends differ by a fifth of an hour, and lie on a grid of 3 minutes
        assertThat(shared).hasSizeLessThanOrEqualTo(6);
        String jo = link("/events?channel=links", "Authorization: " + TestServer.basic("jo"));
        assertThat(jo)
                .isNotIn(shared)
                .isNotEqualTo(link("/events?channel=links", "Authorization: " + TestServer.basic("al")));
    }

    @Test
    void pages_of_a_long_catch_up_have_no_hold_and_no_escapes() throws Exception {
        for (int i = 0; i < 300; i++) {
            SERVER.events().send("pages", "message", "100%" + i);
        }
        RawHttp.Answer first = ask("/events?channel=pages&lastEventId=pages%3D0-0");
        assertThat(first.head()).doesNotContain("Grip-Hold").doesNotContain("Grip-Channel");
        assertThat(first.body()).contains("data: \"100%99\"").doesNotContain("100%%");
        RawHttp.Answer second = ask(link(first));
        assertThat(second.head()).doesNotContain("Grip-Hold");
        assertThat(second.body())
                .contains("data: \"100%100\"", "data: \"100%299\"")
                .doesNotContain("100%%");
        RawHttp.Answer last = ask(link(second));
        assertThat(last.header("Grip-Hold")).isEqualTo("stream");
        assertThat(last.header("Grip-Channel")).contains("-300; filter=build-id");
        assertThat(last.body()).isEmpty();
    }

    @Test
    void after_pages_a_reset_names_the_unstored_channels() throws Exception {
        for (int i = 0; i < 150; i++) {
            SERVER.events().send("lo%ng", "message", i);
        }
        // in the last answer, a '%' would reach the client doubled from one version of the proxy, and be an error in
        // another
        RawHttp.Answer first = ask("/events?channel=lo%25ng&channel=unstored-%25&lastEventId=lo%2525ng%3D0-0");
        assertThat(first.head()).doesNotContain("Grip-Hold");
        RawHttp.Answer second = ask(link(first));
        assertThat(second.body()).contains("data: 149\n").doesNotContain("stream-reset");
        RawHttp.Answer last = ask(link(second));
        assertThat(last.header("Grip-Hold")).isEqualTo("stream");
        assertThat(last.body()).isEqualTo("event: stream-reset\ndata: {\"channels\":[\"unstored-\\u0025\"]}\n\n");
    }

    @Test
    void recovery_of_many_events_starts_with_an_empty_page() throws Exception {
        String before = SERVER.events().send("behind", "message", 0).id().toString();
        String link = link("/events?channel=behind");
        for (int i = 0; i < 1_200; i++) {
            SERVER.events().send("behind", "message", i);
        }
        RawHttp.Answer answer = ask(link, "Grip-Last: events-behind; last-id=" + before);
        assertThat(answer.head()).doesNotContain("Grip-Hold");
        assertThat(answer.body()).isEmpty();
        assertThat(ask(link(answer)).body()).contains("data: 0\n", "data: 150\n");
    }

    @Test
    void an_answer_to_a_link_leaves_in_one_piece_because_the_proxy_does_not_notice_its_truncation() throws Exception {
        List<Integer> pieces = new CopyOnWriteArrayList<>();
        observeAnswers(pieces);
        String before = SERVER.events().send("truncated", "message", 0).id().toString();
        String recover = link("/events?channel=truncated");
        for (int i = 0; i < 150; i++) {
            SERVER.events().send("truncated", "message", "x".repeat(1_000) + i);
        }
        RawHttp.Answer answer = ask(recover, "Grip-Last: events-truncated; last-id=" + before);
        StringBuilder all = new StringBuilder(answer.body());
        int pages = 0;
        while (!answer.head().contains("Grip-Hold")) {
            String link = link(answer);
            pieces.clear();
            answer = ask(link);
            assertThat(pieces).containsExactly(answer.body().length());
            assertThat(answer.body().length()).isLessThanOrEqualTo(ProxiedStreams.MAX_BYTES);
            all.append(answer.body());
            pages++;
        }
        assertThat(all.toString().split("\n\n")).hasSize(150).allMatch(event -> event.contains("xxx"));
        assertThat(pages).as("pages of about 60 kB, and the answer that holds").isEqualTo(4);
    }

    /** Notes the length of each write of an answer. */
    private static void observeAnswers(List<Integer> pieces) {
        SERVER.support()
                .getEnvironment()
                .getApplicationContext()
                .getServer()
                .getContainedBeans(HttpConfiguration.class)
                .forEach(configuration -> configuration.addCustomizer((request, headers) -> {
                    request.addHttpStreamWrapper(stream -> new Observed(stream, pieces));
                    return request;
                }));
    }

    private static final class Observed extends HttpStream.Wrapper {
        private final List<Integer> pieces;

        Observed(HttpStream stream, List<Integer> pieces) {
            super(stream);
            this.pieces = pieces;
        }

        @Override
        public void send(
                MetaData.Request request,
                MetaData.Response response,
                boolean last,
                ByteBuffer content,
                Callback callback) {
            pieces.add(BufferUtil.length(content));
            super.send(request, response, last, content, callback);
        }
    }

    @Test
    void a_stream_ends_after_a_long_event_and_its_client_comes_back_to_the_next_one() throws Exception {
        String before = SERVER.events().send("large", "message", 0).id().toString();
        String recover = link("/events?channel=large");
        String large = SERVER.events()
                .send("large", "message", "x".repeat(ProxiedStreams.MAX_BYTES))
                .id()
                .toString();
        RawHttp.Answer empty = ask(recover, "Grip-Last: events-large; last-id=" + before);
        RawHttp.Answer last = ask(link(empty));

        assertThat(empty.body()).isEmpty();
        assertThat(last.head()).doesNotContain("Grip-");
        assertThat(last.body())
                .matches("retry: \\d{2,4}\nid: large=" + large + "\nevent: message\ndata: \"x{90000}\"\n\n");
    }

    @Test
    void a_first_answer_that_is_too_long_for_the_proxy_ends_the_stream() throws Exception {
        String before = SERVER.events().send("huge", "message", 0).id().toString();
        SERVER.events().send("huge", "message", "x".repeat(ProxiedStreams.MAX_BYTES));
        RawHttp.Answer answer = ask("/events?channel=huge&lastEventId=huge%3D" + before);

        assertThat(answer.head()).doesNotContain("Grip-");
        assertThat(answer.body())
                .containsPattern(
                        "event: stream-open\ndata: [^\n]+\n\nretry: \\d{2,4}\nid: huge=\\S+\nevent: message\ndata: \"xxx")
                .endsWith("x\"\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"changed", ""})
    void a_forged_signature_gets_an_empty_403(String key) throws Exception {
        for (String target : List.of("/events?channel=links", "/events/_next/x?link=y")) {
            RawHttp.Answer answer = RawHttp.get(
                    SERVER.port(),
                    target,
                    "Grip-Sig: "
                            + (key.isEmpty()
                                    ? "x"
                                    : signature(key, Instant.now().plusSeconds(60))));
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void an_expired_or_unsigned_token_is_refused() throws Exception {
        String unsigned = token("{\"alg\":\"none\"}", "{\"exp\":4000000000}") + ".";
        for (String token : List.of(
                signature("a-key-of-the-tests-which-is-no-secret", Instant.now().minusSeconds(60)),
                unsigned,
                unsigned + "x")) {
            assertThat(RawHttp.get(SERVER.port(), "/events?channel=links", "Grip-Sig: " + token)
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void a_user_name_that_a_link_cannot_carry_is_refused() throws Exception {
        RawHttp.Answer answer = ask("/events?channel=links", "Cookie: session=of-half");
        assertThat(answer.body()).contains("half a surrogate pair");
        assertThat(answer.head()).doesNotContain("Grip-");
    }

    @Test
    void a_client_that_bypasses_the_proxies_gets_a_direct_stream() {
        try (TestStream stream = SERVER.stream("/events?channel=past").awaitOpen()) {
            SERVER.events().send("past", "message", 1);
            stream.awaitMessages(1);
        }
    }

    private static String link(String target, String... headers) throws Exception {
        return link(ask(target, headers));
    }

    private static String link(RawHttp.Answer answer) {
        return answer.header("Grip-Link").replaceAll("^<(.*)>.*$", "$1");
    }

    private static RawHttp.Answer ask(String target, String... headers) throws Exception {
        String[] all = Arrays.copyOf(headers, headers.length + 1);
        all[headers.length] = "Grip-Sig: "
                + signature(
                        "a-key-of-the-tests-which-is-no-secret", Instant.now().plusSeconds(60));
        return RawHttp.get(SERVER.port(), target, all);
    }

    /** A token as Pushpin makes it. */
    private static String signature(String key, Instant expires) {
        return Tokens.hs256(
                "{\"typ\":\"JWT\",\"alg\":\"HS256\"}",
                "{\"exp\":" + expires.getEpochSecond() + ",\"iss\":\"pushpin\"}",
                key);
    }

    private static String token(String header, String claims) {
        return base64(header.getBytes(StandardCharsets.UTF_8)) + "." + base64(claims.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
