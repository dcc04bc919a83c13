package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.RawHttp;
import dev.eventstream.TestServer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service that refuses requests that bypass its proxies. */
class UnsignedRefusedTest {
    @RegisterExtension
    static final TestServer SERVER = TestServer.withMore("""
            inspector: true
            grip:
              linkSecrets: [a-secret-for-the-links-of-the-tests]
              unsigned: refuse
              proxies:
                - {controlUri: "http://127.0.0.1:1", verifyKey: a-key-of-the-tests-which-is-no-secret}
            """);

    @ParameterizedTest
    @ValueSource(strings = {"/events?channel=a", "/events", "/events/a?lastEventId=error", "/news"})
    void a_request_without_a_signature_gets_an_empty_403(String target) throws Exception {
        RawHttp.Answer answer = RawHttp.get(SERVER.port(), target);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void the_inspector_is_refused_too() throws Exception {
        RawHttp.Answer answer = RawHttp.get(SERVER.port(), "/events?channel=a", "Accept: text/html");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void other_resources_are_still_served() throws Exception {
        RawHttp.Answer answer = RawHttp.post(
                SERVER.port(),
                "/events",
                "{\"channel\":\"a\",\"data\":1}".getBytes(StandardCharsets.UTF_8),
                "Authorization: Bearer a-token-for-the-tests",
                "Content-Type: application/json");
        assertThat(answer.status()).isEqualTo(201);
    }
}
