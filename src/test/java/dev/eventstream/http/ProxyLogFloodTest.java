package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.Logged;
import dev.eventstream.RawHttp;
import dev.eventstream.TestServer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.grip.NextLink;
import dev.eventstream.grip.NextLinks;
import dev.eventstream.grip.Tokens;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A proxy's requests cannot flood the log, whether they fail or are refused. */
class ProxyLogFloodTest {
    private static final String KEY = "a-key-of-the-tests-which-is-no-secret";
    private static final String LINK_SECRET = "a-secret-for-the-links-of-the-tests";
    private static final int REQUESTS = 20;

    @RegisterExtension
    static final TestServer SERVER = TestServer.withMore("""
            grip:
              linkSecrets: [a-secret-for-the-links-of-the-tests]
              proxies:
                - url: http://127.0.0.1:1?verify-key=a-key-of-the-tests-which-is-no-secret
            """);

    @Test
    void requests_that_fail_for_the_same_reason_log_one_warning() throws Exception {
        NextLinks.Signed link = new NextLinks(List.of(LINK_SECRET), Duration.ofHours(1), Clock.systemUTC())
                .sign(NextLink.recover(null, List.of(new ChannelName("broken-flood")), List.of()));
        try (Logged logged = new Logged()) {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(ask(link.digest() + "?link=" + link.token()).status())
                        .isEqualTo(200);
            }

            assertThat(linesAboveDebug(logged, "Requests of proxies for what comes next"))
                    .singleElement()
                    .asString()
                    .startsWith("WARN")
                    .contains("the authorizer is broken");
        }
    }

    @Test
    void links_that_are_refused_for_the_same_reason_log_one_warning() throws Exception {
        try (Logged logged = new Logged()) {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(ask("x?link=y").status()).isEqualTo(200);
            }

            assertThat(linesAboveDebug(logged, "A proxy's next link is refused"))
                    .singleElement()
                    .asString()
                    .contains("it is malformed");
        }
    }

    private static RawHttp.Answer ask(String link) throws IOException {
        String claims =
                "{\"exp\":" + Instant.now(Clock.systemUTC()).plusSeconds(60).getEpochSecond() + "}";
        return RawHttp.get(
                SERVER.port(),
                "/events/_next/" + link,
                "Grip-Sig: " + Tokens.hs256("{\"typ\":\"JWT\",\"alg\":\"HS256\"}", claims, KEY));
    }

    private static List<String> linesAboveDebug(Logged logged, String beginning) {
        return logged.lines().stream()
                .filter(line -> line.contains(beginning) && !line.startsWith("DEBUG"))
                .toList();
    }
}
