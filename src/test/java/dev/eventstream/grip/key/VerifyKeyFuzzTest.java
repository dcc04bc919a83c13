package dev.eventstream.grip.key;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.eventstream.grip.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

class VerifyKeyFuzzTest {

    @MethodSource("keys")
    @FuzzTest
    void a_key_is_read_or_refused_with_a_message(@NotNull String text) {
        readOrRefused(text);
        readOrRefused("base64:" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void readOrRefused(String text) {
        try {
            VerifyKey key = VerifyKey.parse(text);
            assertThat(key.algorithm()).isEqualTo(key.isShared() ? "HS256" : "ES256");
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s)(is|has|begins|names) .*");
        }
    }

    static Stream<String> keys() {
        return Stream.of(
                "changeme",
                "base64:AQID",
                Tokens.PUBLIC_PEM,
                Tokens.PRIVATE_PEM,
                "{\"kty\":\"oct\",\"k\":\"AQID\",\"alg\":\"HS256\",\"use\":\"sig\"}",
                "{\"kty\":\"oct\",\"k\":\"\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"CKo5A1ebyFcnmVV8SE5On-8G81JyBjSvcrx4VLetWCg\","
                        + "\"y\":\"7gwJqaU6N8TP88--twjkwoB36f-pT3QsmI46nPhjO7M\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
                "{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQ\"}",
                "file:key.pem");
    }
}
