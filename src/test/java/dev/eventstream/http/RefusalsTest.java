package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventstream.RawHttp;
import dev.eventstream.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each refusal counts once, for its cause and for no other. */
class RefusalsTest {
    private static final String PLAIN = "a-token-for-the-tests";
    private static final String BILLING = "billing-token-of-the-tests";
    private static final String LINES = "application/x-ndjson";

    @RegisterExtension
    static final TestServer SERVER = TestServer.withMore("""
            grip:
              linkSecrets: [a-secret-for-the-links-of-the-tests]
              proxies:
                - {controlUri: "http://127.0.0.1:1", verifyKey: a-key-of-the-tests-which-is-no-secret}
            """, "eventStream.publish.maxBodyBytes=10000");

    /** The number of refused requests by cause, without causes that never occurred. */
    private static Map<String, Long> refused() {
        Map<String, Long> counts = new TreeMap<>();
        SERVER.support().getEnvironment().metrics().getMeters().forEach((name, meter) -> {
            if (name.startsWith("eventstream.refused.") && meter.getCount() > 0) {
                counts.put(name.substring("eventstream.refused.".length()), meter.getCount());
            }
        });
        return counts;
    }

    private static void assertCounted(String cause, long times, Action action) throws IOException {
        Map<String, Long> expected = refused();
        expected.merge(cause, times, Long::sum);
        action.run();
        await().untilAsserted(() -> assertThat(refused()).isEqualTo(expected));
    }

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    private static RawHttp.Answer post(String token, String type, String body) throws IOException {
        return RawHttp.post(
                SERVER.port(),
                "/events",
                body.getBytes(StandardCharsets.UTF_8),
                "Authorization: Bearer " + token,
                "Content-Type: " + type);
    }

    @ParameterizedTest
    @CsvSource({
        "forbidden, /events?channel=secret-x, X-Any: any",
        "bad-request, /events, X-Any: any",
        "bad-request, /events?channel=a&start=yesterday, X-Any: any",
        "bad-request, /events?channel=a, Last-Event-ID: a=x",
        "after-error, /events?channel=a, Last-Event-ID: error",
        "unauthorized, /events?channel=a, Authorization: Basic YW5uOndyb25n",
        "failed, /events?channel=broken-x, X-Any: any",
        "signature, /events?channel=a, Grip-Sig: forged",
        "cross-site, /events?channel=a, Cookie: session=of-ann ~ Sec-Fetch-Site: cross-site"
    })
    void a_refused_stream_counts_by_cause(String cause, String target, String header) throws IOException {
        assertCounted(cause, 1, () -> RawHttp.get(SERVER.port(), target, header.split(" ~ ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "publish-token   | a-token-that-nobody-has | {\"channel\":\"a\",\"data\":1}",
                "publish-channel | billing-token-of-the-tests | {\"channel\":\"a\",\"data\":1}",
                "publish-invalid | a-token-for-the-tests | {",
                "publish-invalid | a-token-for-the-tests | {\"channel\":1}",
                "publish-invalid | a-token-for-the-tests | []"
            })
    void a_refused_post_counts_by_cause(String cause, String token, String body) throws IOException {
        assertCounted(
                cause,
                1,
                () -> assertThat(post(token, "application/json", body).status()).isBetween(400, 499));
    }

    @Test
    void a_post_that_is_too_long_or_for_a_finished_channel_counts() throws IOException {
        SERVER.events().finish("ledger");
        assertCounted(
                "publish-finished",
                1,
                () -> assertThat(post(BILLING, "application/json", "{\"channel\":\"ledger\",\"data\":1}")
                                .status())
                        .isEqualTo(409));
        assertCounted(
                "publish-invalid",
                1,
                () -> assertThat(post(PLAIN, "application/json", " ".repeat(10_001))
                                .status())
                        .isEqualTo(413));
    }

    @Test
    void each_refused_line_counts() throws IOException {
        SERVER.events().finish("invoice-done");
        assertCounted(
                "publish-channel",
                2,
                () -> post(BILLING, LINES, "{\"channel\":\"a\",\"data\":1}\n{\"channel\":\"b\",\"data\":1}\n"));
        assertCounted(
                "publish-invalid", 3, () -> post(BILLING, LINES, "{\n{\"channel\":1}\n" + " x".repeat(6_000) + "\n"));
        assertCounted("publish-finished", 1, () -> post(BILLING, LINES, "{\"channel\":\"invoice-done\",\"data\":1}\n"));
    }

    @Test
    void every_sender_has_a_meter_before_its_first_post() {
        assertThat(SERVER.support().getEnvironment().metrics().getMeters())
                .containsKeys(List.of("token-0", "billing", "slow", "bulk").stream()
                        .map(name -> "eventstream.publish." + name + ".events")
                        .toArray(String[]::new));
    }
}
