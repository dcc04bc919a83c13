package dev.eventstream.grip;

import static dev.eventstream.grip.Tokens.ES256;
import static dev.eventstream.grip.Tokens.HS256;
import static dev.eventstream.grip.Tokens.base64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.grip.GripSignature.Absent;
import dev.eventstream.grip.GripSignature.By;
import dev.eventstream.grip.GripSignature.Refused;
import dev.eventstream.grip.key.VerifyKey;
import dev.eventstream.store.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokens that identify a proxy. They are made without the library that verifies them. */
class GripSigVerifierTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final String CLAIMS = "{\"exp\":1893456000,\"iss\":\"pushpin\"}";

    // a token exactly as Pushpin 1.36 makes it, signed by HS256 with its key changeme
    private static final String GOLDEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9"
            + ".eyJleHAiOjE4OTM0NTYwMDAsImlzcyI6InB1c2hwaW4ifQ.6d3BkGgvRi_uBZNPW6zq265pae9VkWUWhrkgZYrFEJ0";

    private static final String NOBODYS =
            "is signed by none of the proxies in eventStream.grip.proxies; their verifyKey must be"
                    + " the key that the proxy signs with (Pushpin's sig_key)";

    private static final TrustedProxy SHARED = new TrustedProxy("edge", VerifyKey.parse("changeme"), null);
    private static final TrustedProxy STRICT = new TrustedProxy("edge", VerifyKey.parse("changeme"), "pushpin");
    private static final TrustedProxy PAIR = new TrustedProxy("pair", VerifyKey.parse(Tokens.PUBLIC_PEM), null);

    private static GripSignature check(String token, TrustedProxy... proxies) {
        return check(token, NOW, proxies);
    }

    private static GripSignature check(String token, Instant now, TrustedProxy... proxies) {
        return new GripSigVerifier(List.of(proxies), Clock.fixed(now, ZoneOffset.UTC)).check(List.of(token));
    }

    private static void assertRefused(GripSignature signature, String reason) {
        assertThat(signature).isEqualTo(new Refused(reason));
    }

    @Test
    void pushpins_token_is_recognised() {
        assertThat(Tokens.hs256(HS256, CLAIMS, "changeme")).isEqualTo(GOLDEN);
        assertThat(check(GOLDEN, SHARED)).isEqualTo(new By("edge"));
        assertThat(check(GOLDEN, STRICT)).isEqualTo(new By("edge"));
    }

    @Test
    void the_examples_of_rfc_7515_are_recognised() {
        // appendix A.1
        TrustedProxy hs256 = new TrustedProxy("A.1", VerifyKey.parse("""
                        {"kty":"oct",
                         "k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75\
                        aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
                        }"""), "joe");
        String a1 = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
                + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
                + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        // appendix A.3
        TrustedProxy es256 = new TrustedProxy("A.3", VerifyKey.parse("""
                        {"kty":"EC",
                         "crv":"P-256",
                         "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                         "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
                        }"""), "joe");
        String a3 = "eyJhbGciOiJFUzI1NiJ9"
                + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
                + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        Instant then = Instant.ofEpochSecond(1_300_819_379);

        assertThat(check(a1, then, es256, hs256)).isEqualTo(new By("A.1"));
        assertThat(check(a3, then, hs256, es256)).isEqualTo(new By("A.3"));
    }

    @Test
    void a_token_signed_with_a_key_pair_is_recognised() {
        String token = Tokens.es256(ES256, CLAIMS, Tokens.privateKey());

        assertThat(check(token, PAIR)).isEqualTo(new By("pair"));
        assertThat(check(token, SHARED, PAIR)).isEqualTo(new By("pair"));
        assertRefused(
                check(Tokens.es256(ES256, CLAIMS, Tokens.pair("EC", "secp256r1").getPrivate()), PAIR), NOBODYS);
    }

    @Test
    void a_missing_token_is_distinguished_from_a_bad_one() {
        GripSigVerifier check = new GripSigVerifier(List.of(SHARED), Clock.fixed(NOW, ZoneOffset.UTC));

        assertThat(check.check(List.of())).isEqualTo(new Absent());
        assertThat(check.check(List.of(""))).isEqualTo(new Refused("is not a JWT"));
        assertThat(check.check(List.of(GOLDEN, GOLDEN))).isEqualTo(new Refused("occurs 2 times"));
    }

    @Test
    void the_first_proxy_whose_key_matches_is_named() {
        TrustedProxy other = new TrustedProxy("other", VerifyKey.parse("another secret"), null);
        TrustedProxy twin = new TrustedProxy("twin", VerifyKey.parse("changeme"), null);
        TrustedProxy elsewhere = new TrustedProxy("elsewhere", VerifyKey.parse("changeme"), "elsewhere");

        assertThat(check(GOLDEN, other, SHARED, twin)).isEqualTo(new By("edge"));
        assertThat(check(GOLDEN, PAIR, elsewhere, twin)).isEqualTo(new By("twin"));
    }

    @Test
    void a_token_that_no_key_verifies_is_attributed_to_the_unsigned_proxy() {
        TrustedProxy unsigned = new TrustedProxy("unsigned", null, null);

        // Pushpin without a sig_key signs with an empty key
        assertThat(check(Tokens.es256(ES256, CLAIMS, Tokens.privateKey()), unsigned))
                .isEqualTo(new By("unsigned"));
        assertThat(check(GOLDEN, unsigned, STRICT)).isEqualTo(new By("edge"));
        assertRefused(check("x", unsigned), "is not a JWT");
        assertThat(new GripSigVerifier(List.of(unsigned), Clock.fixed(NOW, ZoneOffset.UTC)).check(List.of()))
                .isEqualTo(new Absent());
    }

    @Test
    void without_a_proxy_every_token_is_refused() {
        assertRefused(check(GOLDEN), NOBODYS);
    }

    @ParameterizedTest
    @ValueSource(longs = {-3600, 0, 29})
    void a_token_is_valid_until_30_seconds_after_it_expires(long seconds) {
        assertThat(check(GOLDEN, NOW.plusSeconds(seconds), STRICT)).isEqualTo(new By("edge"));
    }

    @ParameterizedTest
    @ValueSource(longs = {30, 3600, 1_000_000_000})
    void a_token_is_refused_later_than_30_seconds_after_it_expires(long seconds) {
        assertRefused(
                check(GOLDEN, NOW.plusSeconds(seconds), STRICT),
                "is signed by edge and has expired; compare the clocks of both machines if it is new");
    }

    @Test
    void a_token_is_refused_before_it_becomes_valid() {
        String token = Tokens.hs256(HS256, "{\"exp\":1893459600,\"nbf\":1893456000}", "changeme");

        assertThat(check(token, NOW.minusSeconds(30), SHARED)).isEqualTo(new By("edge"));
        assertRefused(
                check(token, NOW.minusSeconds(31), SHARED),
                "is signed by edge and is not valid yet; compare the clocks of both machines");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                   | its issuer is missing; verifyIss is \"fastly:1\"",
                "{\"iss\":\"fastly:1\"}               | has no expiry",
                "{\"iss\":\"pushpin\"}                | its issuer is \"pushpin\"; verifyIss is \"fastly:1\"",
                "{\"exp\":1893456000}                 | its issuer is missing; verifyIss is \"fastly:1\"",
                "{\"exp\":1893456000,\"iss\":\"\"}    | its issuer is \"\"; verifyIss is \"fastly:1\"",
                "{\"exp\":1893456000,\"iss\":\"fastly:12\"} | its issuer is \"fastly:12\"; verifyIss is \"fastly:1\"",
                "{\"exp\":1893456000,\"iss\":\"FASTLY:1\"} | its issuer is \"FASTLY:1\"; verifyIss is \"fastly:1\"",
                "{\"exp\":1893456000,\"iss\":[\"fastly:1\"]} | has claims that cannot be read",
                "{\"exp\":1893456000,\"iss\":7}       | has claims that cannot be read",
                "{\"exp\":\"1893456000\",\"iss\":\"fastly:1\"} | has claims that cannot be read",
                "{\"exp\":null,\"iss\":\"fastly:1\"}  | has no expiry",
                "{\"exp\":true,\"iss\":\"fastly:1\"}  | has claims that cannot be read",
                "{\"exp\":[],\"iss\":\"fastly:1\"}    | has claims that cannot be read",
                "{\"exp\":-1,\"iss\":\"fastly:1\"}    | has expired; compare the clocks of both machines if it is new",
                "{\"exp\":1,\"exp\":1893456000,\"iss\":\"fastly:1\"} | has claims that cannot be read",
                "{\"exp\":1893456000,\"exp\":1893456000,\"iss\":\"fastly:1\"} | has claims that cannot be read",
                "{\"exp\":1893456000,\"iss\":\"fastly:1\",\"iss\":\"fastly:1\"} | has claims that cannot be read",
                "{\"exp\":1893456000,\"iss\":\"fastly:1\",\"i\\u0073s\":\"x\"} | has claims that cannot be read",
                "{\"exp\":99999999999999999999999,\"iss\":\"fastly:1\"} | has claims that cannot be read",
                "{\"exp\":1893456000,\"iss\":\"fastly:1\",\"nbf\":\"x\"} | has claims that cannot be read",
                "{\"exp\":1893456000,\"iss\":\"fastly:1\"} x | has claims that cannot be read",
                "[]                                   | has claims that cannot be read",
                "null                                 | has claims that cannot be read",
                "7                                    | has claims that cannot be read",
                "not json                             | has claims that cannot be read",
                "{                                    | has claims that cannot be read",
            })
    void signed_claims_that_are_not_allowed_are_refused(String claims, String reason) {
        TrustedProxy proxy = new TrustedProxy("edge", VerifyKey.parse("changeme"), "fastly:1");

        assertRefused(check(Tokens.hs256(HS256, claims, "changeme"), proxy), "is signed by edge and " + reason);
    }

    @Test
    void an_issuer_is_quoted_shortened_and_on_one_line() {
        String token = Tokens.hs256(HS256, "{\"exp\":1893456000,\"iss\":\"a\\n" + "b".repeat(500) + "\"}", "changeme");

        assertRefused(
                check(token, STRICT),
                "is signed by edge and its issuer is \"a\uFFFD" + "b".repeat(58) + "…\"; verifyIss is \"pushpin\"");
    }

    @Test
    void claims_in_unicode_are_read() {
        TrustedProxy proxy = new TrustedProxy("edge", VerifyKey.parse("schlüssel"), "прокси 🔑");

        assertThat(check(Tokens.hs256(HS256, "{\"exp\":1893456000,\"iss\":\"прокси 🔑\"}", "schlüssel"), proxy))
                .isEqualTo(new By("edge"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"none\"}",
                "{\"alg\":\"None\"}",
                "{\"alg\":\"HS384\"}",
                "{\"alg\":\"HS512\"}",
                "{\"alg\":\"hs256\"}",
                "{\"alg\":\"RS256\"}",
                "{\"alg\":\"ES256\"}",
                "{\"alg\":\"ES256K\"}",
                "{\"alg\":\"EdDSA\"}",
                "{\"alg\":\"\"}",
                "{\"alg\":null}",
                "{\"alg\":7}",
                "{\"alg\":[\"HS256\"]}",
                "{}",
                "{\"typ\":\"JWT\"}",
                "{\"alg\":\"HS256\",\"alg\":\"HS256\"}",
                "{\"alg\":\"HS256\"} x",
                "[]",
                "not json"
            })
    void the_key_determines_the_algorithm_whatever_the_header_says(String header) {
        assertRefused(check(Tokens.hs256(header, CLAIMS, "changeme"), SHARED, PAIR), NOBODYS);
        assertRefused(
                check(Tokens.es256(header.replace("ES256\"", "HS256\""), CLAIMS, Tokens.privateKey()), SHARED, PAIR),
                NOBODYS);
    }

    @Test
    void a_public_key_is_not_accepted_as_a_secret() {
        for (byte[] known : List.of(
                Tokens.PUBLIC_PEM.getBytes(StandardCharsets.UTF_8),
                Tokens.PUBLIC_PEM.strip().getBytes(StandardCharsets.UTF_8),
                Tokens.publicKey().getEncoded())) {
            assertRefused(check(Tokens.hs256(HS256, CLAIMS, known), PAIR), NOBODYS);
            assertRefused(check(Tokens.hs256(ES256, CLAIMS, known), PAIR), NOBODYS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AQID\"}}",
                "{\"alg\":\"HS256\",\"kid\":\"../../dev/null\"}",
                "{\"alg\":\"HS256\",\"jku\":\"http://localhost:1/\"}"
            })
    void a_key_within_a_token_is_ignored(String header) {
        assertRefused(check(Tokens.hs256(header, CLAIMS, new byte[] {1, 2, 3}), SHARED), NOBODYS);
    }

    @Test
    void a_signature_of_zeros_is_refused() {
        String signed = base64(ES256) + '.' + base64(CLAIMS) + '.';

        assertRefused(check(signed + base64(new byte[64]), PAIR), NOBODYS);
        assertRefused(check(signed + base64(new byte[] {0}), PAIR), NOBODYS);
        assertRefused(check(base64(HS256) + '.' + base64(CLAIMS) + '.' + base64(new byte[32]), SHARED), NOBODYS);
    }

    @Test
    void a_der_signature_is_refused() throws Exception {
        String signed = base64(ES256) + '.' + base64(CLAIMS);
        Signature der = Signature.getInstance("SHA256withECDSA");
        der.initSign(Tokens.privateKey());
        der.update(signed.getBytes(StandardCharsets.US_ASCII));

        assertRefused(check(signed + '.' + base64(der.sign()), PAIR), NOBODYS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":true}",
                "{\"alg\":\"HS256\",\"crit\":[\"b64\"]}",
                "{\"alg\":\"HS256\",\"crit\":[\"exp\"],\"exp\":1}",
                "{\"alg\":\"HS256\",\"crit\":[]}",
                "{\"alg\":\"HS256\",\"crit\":\"x\"}"
            })
    void crit_is_refused(String header) {
        assertThat(check(Tokens.hs256(header, CLAIMS, "changeme"), SHARED)).isInstanceOf(Refused.class);
    }

    @Test
    void claims_that_are_not_encoded_are_refused() {
        String signed = base64("{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}") + "." + CLAIMS;

        assertRefused(
                check(signed + '.' + base64(Tokens.mac(signed, "changeme".getBytes(StandardCharsets.UTF_8))), SHARED),
                "is not a JWT");
    }

    @Test
    void a_token_in_a_token_is_refused() {
        String nested = Tokens.hs256("{\"alg\":\"HS256\",\"cty\":\"JWT\"}", GOLDEN, "changeme");

        assertRefused(check(nested, SHARED), "has a header that is not understood, crit or cty");
    }

    @Test
    void an_encrypted_token_is_refused() {
        String five = base64("{\"alg\":\"dir\",\"enc\":\"A128CBC-HS256\"}")
                + "..AxY8DCtDaGlsbGljb3RoZQ.KDlTtXch.Mz-VPPyU4RlcuYv1IwIvzw";

        assertRefused(check(five, SHARED), "is not a JWT");
    }

    @Test
    void a_token_is_accepted_only_up_to_the_maximum_length() {
        String longest = ofLength(GripSigVerifier.MAX_LENGTH);

        assertThat(check(longest, SHARED)).isEqualTo(new By("edge"));
        assertRefused(check(longest + 'A', SHARED), "has 4097 characters; allowed are 4096");
        assertRefused(check("A".repeat(10_000_000), SHARED), "has 10000000 characters; allowed are 4096");
    }

    private static String ofLength(int length) {
        for (int padding = length / 2; padding < length; padding++) {
            String claims = "{\"exp\":1893456000,\"x\":\"" + "x".repeat(padding) + "\"}";
            for (String header : List.of(HS256, "{\"alg\":\"HS256\"}", "{\"alg\":\"HS256\" }")) {
                String token = Tokens.hs256(header, claims, "changeme");
                if (token.length() == length) {
                    return token;
                }
            }
        }
        throw new AssertionError("no token has " + length + " characters");
    }

    @Test
    void anything_but_three_parts_of_base64url_is_refused() {
        List<String> tokens = new ArrayList<>(List.of(
                "",
                ".",
                "..",
                "...",
                "a",
                "a.b",
                "a.b.",
                ".b.c",
                "a..c",
                "a.b.c.d",
                " " + GOLDEN,
                GOLDEN + " ",
                GOLDEN + "\n",
                "Bearer " + GOLDEN,
                GOLDEN.replace('.', '\u2024'),
                GOLDEN.replace('_', '/'),
                GOLDEN + "=",
                "é.é.é",
                "🔑.🔑.🔑",
                GOLDEN + "," + GOLDEN,
                "a.b.c\0"));

        for (String token : tokens) {
            assertRefused(check(token, SHARED, PAIR), "is not a JWT");
        }
    }

    @Test
    void a_token_truncated_anywhere_is_refused() {
        for (String token : List.of(GOLDEN, Tokens.es256(ES256, CLAIMS, Tokens.privateKey()))) {
            for (int length = 0; length < token.length(); length++) {
                assertThat(check(token.substring(0, length), SHARED, PAIR)).isInstanceOf(Refused.class);
            }
        }
    }

    @Test
    void a_token_with_any_bit_flipped_is_refused() {
        // ES256 takes a millisecond or more, so every seventh bit is enough
        for (String token : List.of(GOLDEN, Tokens.es256(ES256, CLAIMS, Tokens.privateKey()))) {
            String[] parts = token.split("\\.", -1);
            for (int part = 0; part < parts.length; part++) {
                byte[] bytes = Base64.getUrlDecoder().decode(parts[part]);
                for (int bit = 0; bit < bytes.length * 8; bit += token.equals(GOLDEN) ? 1 : 7) {
                    byte[] turned = bytes.clone();
                    turned[bit / 8] ^= (byte) (1 << (bit % 8));
                    String[] other = parts.clone();
                    other[part] = base64(turned);
                    assertThat(check(String.join(".", other), SHARED, PAIR)).isInstanceOf(Refused.class);
                }
            }
        }
    }

    @Test
    void refusals_of_random_tokens_have_a_reason_and_never_quote_the_token() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String header = mutate(random.nextBoolean() ? HS256 : ES256, random);
            String token = Tokens.hs256(header, mutate(CLAIMS, random), "changeme");
            if (check(token, STRICT, PAIR) instanceof Refused refused) {
                assertThat(refused.reason())
                        .as("seed %d", seed)
                        .doesNotContain(token)
                        .matches("(is|has|occurs) .*");
            }
        }
    }

    private static String mutate(String text, Random random) {
        StringBuilder changed = new StringBuilder(text);
        for (int changes = random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(changed.length());
            switch (random.nextInt(3)) {
                case 0 -> changed.setCharAt(at, (char) random.nextInt(128));
                case 1 -> changed.deleteCharAt(at);
                default -> changed.insert(at, "{}[]\",:0\\u0".charAt(random.nextInt(11)));
            }
        }
        return changed.toString();
    }

    @Test
    void fastlys_key_needs_an_issuer() {
        assertThatThrownBy(() -> new TrustedProxy("fastly", VerifyKey.fastlyFanout(), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "is missing; with Fastly Fanout's public key, which is the same for all their customers, it must be"
                                + " fastly:<SERVICE_ID>");
        assertThatThrownBy(() -> new TrustedProxy("fastly", VerifyKey.fastlyFanout(), " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("is empty");
    }

    @Test
    void the_number_of_wrong_es256_signatures_verified_per_second_is_bounded() {
        SettableClock clock = new SettableClock();
        GripSigVerifier verifier = new GripSigVerifier(List.of(PAIR), clock);
        String good = Tokens.es256(
                Tokens.ES256, "{\"exp\":" + (clock.instant().getEpochSecond() + 60) + "}", Tokens.privateKey());
        String bad = good.substring(0, good.lastIndexOf('.') + 1) + "A".repeat(86);
        for (int i = 0; i < GripSigVerifier.MAX_FAILURES_PER_SECOND; i++) {
            assertThat(verifier.check(List.of(bad))).isEqualTo(new Refused(NOBODYS));
            if (i == 0) {
                assertThat(verifier.check(List.of(good))).isEqualTo(new By("pair"));
            }
        }
        assertThat(verifier.check(List.of(good)))
                .isEqualTo(new Refused("is not verified: 200 within this second were signed by none of the proxies"));
        clock.advance(Duration.ofSeconds(1));
        assertThat(verifier.check(List.of(good))).isEqualTo(new By("pair"));
    }
}
