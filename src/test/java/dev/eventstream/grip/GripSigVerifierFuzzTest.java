package dev.eventstream.grip;

import static dev.eventstream.grip.Tokens.base64;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.eventstream.grip.GripSignature.By;
import dev.eventstream.grip.GripSignature.Refused;
import dev.eventstream.grip.key.VerifyKey;
import dev.eventstream.store.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GripSigVerifierFuzzTest {
    private static final String CLAIMS = "{\"exp\":1893456000,\"iss\":\"pushpin\"}";
    private static final String SECRET = "changeme";

    private final GripSigVerifier check = new GripSigVerifier(
            List.of(
                    new TrustedProxy("strict", VerifyKey.parse(SECRET), "pushpin"),
                    new TrustedProxy("pair", VerifyKey.parse(Tokens.PUBLIC_PEM), null)),
            new SettableClock());

    @MethodSource("unsigned")
    @FuzzTest
    void a_token_signed_without_the_key_is_refused(
            @NotNull String header, @NotNull String claims, byte @NotNull [] signature) {
        String token = base64(header) + '.' + base64(claims) + '.' + base64(signature);
        assertThat(check.check(List.of(token))).isInstanceOf(Refused.class);
        assertThat(check.check(List.of(header))).isInstanceOf(Refused.class);
    }

    static Stream<Arguments> unsigned() {
        return Stream.of(
                Arguments.of(Tokens.HS256, CLAIMS, Tokens.mac("x", SECRET.getBytes(StandardCharsets.UTF_8))),
                Arguments.of(Tokens.ES256, CLAIMS, new byte[64]),
                Arguments.of(Tokens.ES256, CLAIMS, new byte[1]),
                Arguments.of("{\"alg\":\"none\"}", CLAIMS, new byte[0]),
                Arguments.of("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}", "", new byte[0]),
                Arguments.of("a.b.c", "[[{", new byte[32]));
    }

    /** Signs with the key; the content may be anything. */
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"typ\":\"JWT\",\"alg\":\"HS256\"} | {\"exp\":1893456000,\"iss\":\"pushpin\"}",
                "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false} | {\"exp\":1e400,\"nbf\":null,\"iss\":[\"pushpin\"]}",
                "{\"alg\":\"HS256\",\"cty\":\"JWT\",\"zip\":\"DEF\"} | {\"exp\":1,\"exp\":-1,\"iss\":{}}",
                "[] | [[[[{}]]]]"
            })
    @FuzzTest
    void a_signed_token_is_recognised_or_refused_with_a_message(@NotNull String header, @NotNull String claims) {
        String token = Tokens.hs256(header, claims, SECRET);
        GripSignature said = check.check(List.of(token));
        if (said instanceof Refused refused) {
            assertThat(refused.reason()).matches("(?s)(is|has) .*").doesNotContain(token);
        } else {
            assertThat(said).isEqualTo(new By("strict"));
        }
    }
}
