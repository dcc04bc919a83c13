package dev.eventstream.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.grip.GripSigVerifier;
import dev.eventstream.grip.GripSignature;
import dev.eventstream.grip.Tokens;
import dev.eventstream.grip.TrustedProxy;
import dev.eventstream.grip.key.SigningKey;
import dev.eventstream.grip.key.VerifyKey;
import dev.eventstream.store.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The credentials for a control port. */
class ControlCredentialsTest {
    private static String header(ControlCredentials credentials) {
        return credentials.authorization().orElseThrow();
    }

    @Test
    void a_user_and_a_password_become_basic_credentials() {
        // RFC 7617, 2 and 2.1
        assertThat(header(ControlCredentials.basic("Aladdin", "open sesame")))
                .isEqualTo("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assertThat(header(ControlCredentials.basic("test", "123\u00A3"))).isEqualTo("Basic dGVzdDoxMjPCow==");
    }

    @Test
    void a_token_becomes_bearer_credentials() {
        assertThat(header(ControlCredentials.bearer("fastly-token"))).isEqualTo("Bearer fastly-token");
        assertThat(header(ControlCredentials.bearer("base64:ZmFzdGx5LXRva2Vu"))).isEqualTo("Bearer fastly-token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "secret x", "secret\r\nX: y", "secretü", "base64:", "base64:AAEC", "base64:secret!"})
    void a_token_that_is_not_allowed_in_a_header_is_refused(String token) {
        assertThatThrownBy(() -> ControlCredentials.bearer(token))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(is|has) .*")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void a_control_port_may_need_no_credentials() {
        assertThat(ControlCredentials.none().authorization()).isEmpty();
    }

    @Test
    void a_jwt_is_valid_for_ten_minutes_and_renewed_after_five() {
        SettableClock clock = new SettableClock();
        ControlCredentials credentials = ControlCredentials.jwt("realm", SigningKey.parse("changeme"), clock);
        String first = header(credentials);

        assertThat(first).isEqualTo("Bearer " + jwt("realm", clock.instant().plusSeconds(600)));
        clock.advance(Duration.ofSeconds(299));
        assertThat(header(credentials)).isEqualTo(first);
        clock.advance(Duration.ofSeconds(1));
        assertThat(header(credentials))
                .isEqualTo("Bearer " + jwt("realm", clock.instant().plusSeconds(600)))
                .isNotEqualTo(first);
    }

    private static String jwt(String issuer, Instant expires) {
        return Tokens.hs256(
                "{\"typ\":\"JWT\",\"alg\":\"HS256\"}",
                "{\"iss\":\"" + issuer + "\",\"exp\":" + expires.getEpochSecond() + "}",
                "changeme");
    }

    @Test
    void a_jwt_is_renewed_when_the_clock_is_set_back() {
        SettableClock clock = new SettableClock();
        ControlCredentials credentials = ControlCredentials.jwt("realm", SigningKey.parse("changeme"), clock);
        String first = header(credentials);
        clock.advance(Duration.ofHours(-1));

        assertThat(header(credentials)).isNotEqualTo(first);
    }

    @Test
    void a_key_pair_signs_a_jwt_with_es256() {
        SettableClock clock = new SettableClock();
        String header = header(ControlCredentials.jwt("realm", SigningKey.parse(Tokens.PRIVATE_PEM), clock));

        assertThat(header).startsWith("Bearer " + Tokens.base64(Tokens.ES256) + '.');
        assertThat(Tokens.isEs256(header.substring(7), Tokens.publicKey())).isTrue();
    }

    @Test
    void a_token_that_we_sign_passes_our_own_verification() {
        SettableClock clock = new SettableClock();
        for (String[] pair :
                List.of(new String[] {"changeme", "changeme"}, new String[] {Tokens.PRIVATE_PEM, Tokens.PUBLIC_PEM})) {
            String token = header(ControlCredentials.jwt("realm \"1\" ü", SigningKey.parse(pair[0]), clock))
                    .substring(7);
            TrustedProxy proxy = new TrustedProxy("mirror", VerifyKey.parse(pair[1]), "realm \"1\" ü");

            assertThat(new GripSigVerifier(List.of(proxy), clock).check(List.of(token)))
                    .isEqualTo(new GripSignature.By("mirror"));
        }
    }

    @Test
    void threads_can_share_credentials() throws Exception {
        SettableClock clock = new SettableClock();
        ControlCredentials credentials = ControlCredentials.jwt("realm", SigningKey.parse("changeme"), clock);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<String> ask = () -> header(credentials);
            for (Future<String> answer :
                    threads.invokeAll(Stream.generate(() -> ask).limit(200).toList(), 30, TimeUnit.SECONDS)) {
                assertThat(answer.get())
                        .isEqualTo("Bearer " + jwt("realm", clock.instant().plusSeconds(600)));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void the_text_form_shows_no_secret() {
        assertThat(Stream.of(
                                ControlCredentials.none(),
                                ControlCredentials.basic("user", "secret"),
                                ControlCredentials.bearer("secret"),
                                ControlCredentials.jwt("realm", SigningKey.parse("secret"), new SettableClock()))
                        .map(ControlCredentials::toString))
                .containsExactly(
                        "ControlCredentials[none]",
                        "ControlCredentials[Basic]",
                        "ControlCredentials[Bearer token]",
                        "ControlCredentials[Bearer JWT]");
    }
}
