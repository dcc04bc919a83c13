package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.Logged;
import dev.eventstream.RawHttp;
import dev.eventstream.RawHttp.Answer;
import dev.eventstream.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Programs that may send, each with a name, channels and limits. */
class PublishSendersTest {
    private static final String BILLING = "billing-token-of-the-tests";
    private static final String SLOW = "slow-token-of-the-tests";
    private static final String BULK = "bulk-token-of-the-tests";
    private static final String PLAIN = "a-token-for-the-tests";

    @RegisterExtension
    static final TestServer SERVER = new TestServer(
            "eventStream.publish.maxBodyBytes=10000",
            "eventStream.limits.publishEventsPerSecond=1",
            "eventStream.limits.publishBytesPerSecond=1000");

    private static Answer post(String token, String body) throws IOException {
        return RawHttp.post(
                SERVER.port(),
                "/events",
                body.getBytes(StandardCharsets.UTF_8),
                "Authorization: Bearer " + token,
                "Content-Type: application/json");
    }

    private static String event(String channel) {
        return "{\"channel\":\"" + channel + "\",\"data\":1}";
    }

    @Test
    void a_hashed_token_sends_to_its_channels_only() throws IOException {
        assertThat(post(BILLING, event("invoice-7")).status()).isEqualTo(201);
        assertThat(post(BILLING, event("ledger")).status()).isEqualTo(201);
        Answer refused = post(BILLING, event("chat"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body())
                .isEqualTo("{\"message\":\"this token may not send to that channel"
                        + " (eventStream.publish.senders[].channels)\"}");
        assertThat(post(BILLING, "[" + event("ledger") + "," + event("ledgers") + "]")
                        .body())
                .contains("event 1: this token may not send");
        assertThat(SERVER.events().currentEventId("chat", "ledgers")).isEqualTo("chat=0-0,ledgers=0-0");
        assertThat(SERVER.metered("eventstream.publish.billing.events")).isEqualTo(2);
    }

    @Test
    void a_token_for_all_channels_cannot_report_joins_and_leaves() throws IOException {
        assertThat(post(PLAIN, event("presence:room")).status()).isEqualTo(403);
        assertThat(post(PLAIN, event("presence")).status()).isEqualTo(201);
    }

    @Test
    void the_hash_is_not_a_token() throws IOException {
        assertThat(post(HexFormat.of().formatHex(PublishToken.digest(BILLING)), event("ledger"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_token_that_sends_too_fast_must_wait_and_others_need_not() throws IOException {
        try (Logged logged = new Logged()) {
            Answer answer = post(SLOW, event("fast"));
            for (int i = 0; i < 1_000 && answer.status() == 201; i++) {
                answer = post(SLOW, "[" + event("fast") + "," + event("fast") + "]");
            }
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("Retry-After")).matches("[1-9]|10");
            assertThat(answer.body()).contains("publishEventsPerSecond");
            assertThat(SERVER.metered("eventstream.refused.publish-rate")).isPositive();
            assertThat(post(PLAIN, event("fast")).status()).isEqualTo(201);
            assertThat(logged.lines())
                    .filteredOn(line -> line.contains("come too fast"))
                    .allMatch(line -> line.contains("slow") && !line.contains(SLOW))
                    .isNotEmpty();
        }
    }

    @Test
    void bytes_count_even_if_the_body_is_refused() throws IOException {
        Answer answer = post(BULK, "x".repeat(9_000));
        for (int i = 0; i < 1_000 && answer.status() == 400; i++) {
            answer = post(BULK, "x".repeat(9_000));
        }
        assertThat(answer.status()).isEqualTo(429);
    }
}
