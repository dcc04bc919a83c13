package dev.eventstream.grip.key;

import static dev.eventstream.grip.Tokens.base64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.grip.Tokens;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of a key, and the messages about text that is not a key. */
class KeysTest {
    private static final String PUBLIC_JWK = jwk(
            base64(coordinate(publicKey().getW().getAffineX())),
            base64(coordinate(publicKey().getW().getAffineY())),
            "");
    private static final String PRIVATE_JWK = jwk(
            base64(coordinate(publicKey().getW().getAffineX())),
            base64(coordinate(publicKey().getW().getAffineY())),
            ",\"d\":\"" + base64(coordinate(((ECPrivateKey) Tokens.privateKey()).getS())) + "\"");

    private static ECPublicKey publicKey() {
        return (ECPublicKey) Tokens.publicKey();
    }

    private static byte[] coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] whole = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, whole, 32 - length, length);
        return whole;
    }

    private static String jwk(String x, String y, String more) {
        return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"" + more + "}";
    }

    private static String encoded(String text) {
        return encoded(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(byte[] bytes) {
        return "base64:" + Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] secret(String text) {
        return VerifyKey.parse(text).key().getEncoded();
    }

    @Test
    void text_is_a_secret() {
        assertThat(secret("changeme")).isEqualTo("changeme".getBytes(StandardCharsets.US_ASCII));
        assertThat(secret("schlüssel 🔑 = x")).isEqualTo("schlüssel 🔑 = x".getBytes(StandardCharsets.UTF_8));
        assertThat(VerifyKey.parse("changeme").algorithm()).isEqualTo("HS256");
        assertThat(VerifyKey.parse("changeme").isShared()).isTrue();
    }

    @Test
    void bytes_are_a_secret() {
        assertThat(secret("base64:AQID")).containsExactly(1, 2, 3);
        assertThat(secret("base64:+/8=")).containsExactly(0xfb, 0xff);
        assertThat(secret("base64:+/8")).containsExactly(0xfb, 0xff);
        assertThat(secret(encoded("changeme"))).isEqualTo("changeme".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void bytes_that_only_begin_like_a_jwk_are_also_a_secret() {
        byte[] noUtf8 = {'{', (byte) 0x80, 1, 2};
        byte[] noJson = {'{', 'a', 'b', 'c'};

        assertThat(secret(encoded(noUtf8))).isEqualTo(noUtf8);
        assertThat(secret(encoded(noJson))).isEqualTo(noJson);
    }

    @Test
    void a_jwk_can_contain_a_secret() {
        assertThat(secret("{\"kty\":\"oct\",\"k\":\"AQID\"}")).containsExactly(1, 2, 3);
        assertThat(secret("{\"kty\":\"oct\",\"k\":\"AQID\",\"alg\":\"HS256\",\"use\":\"sig\"}"))
                .containsExactly(1, 2, 3);
        assertThat(secret(encoded("{\"kty\":\"oct\",\"k\":\"AQID\"}"))).containsExactly(1, 2, 3);
    }

    @Test
    void a_public_key_in_every_form_is_the_same() {
        for (String text : new String[] {
            Tokens.PUBLIC_PEM,
            "\n  " + Tokens.PUBLIC_PEM,
            Tokens.PUBLIC_PEM.replace("\n", "\r\n"),
            Tokens.PUBLIC_PEM.replace("\n", " "),
            encoded(Tokens.PUBLIC_PEM),
            PUBLIC_JWK,
            encoded(PUBLIC_JWK)
        }) {
            VerifyKey key = VerifyKey.parse(text);
            assertThat(key.key()).as(text).isEqualTo(Tokens.publicKey());
            assertThat(key.algorithm()).isEqualTo("ES256");
            assertThat(key.isShared()).isFalse();
            assertThat(key.isFastlyFanout()).isFalse();
        }
    }

    @Test
    void the_public_key_verifies_what_a_private_key_in_every_form_signs() {
        for (String text :
                new String[] {Tokens.PRIVATE_PEM, encoded(Tokens.PRIVATE_PEM), PRIVATE_JWK, encoded(PRIVATE_JWK)}) {
            SigningKey key = SigningKey.parse(text);
            assertThat(Tokens.isEs256(key.sign("me", Instant.EPOCH), Tokens.publicKey()))
                    .isTrue();
            assertThat(key.shared()).isEmpty();
        }
    }

    @Test
    void a_shared_secret_signs_and_verifies() {
        SigningKey key = SigningKey.parse("base64:AQID");

        assertThat(key.shared().map(VerifyKey::key).map(Key::getEncoded))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(1, 2, 3));
    }

    @Test
    void fastlys_key_is_recognised_in_every_form() throws GeneralSecurityException {
        ECPublicKey fastly = (ECPublicKey) VerifyKey.fastlyFanout().key();
        // from js-grip, src/fastly-fanout/keys.ts, which also has it as PEM
        String pem = """
                -----BEGIN PUBLIC KEY-----
                MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECKo5A1ebyFcnmVV8SE5On+8G81Jy
                BjSvcrx4VLetWCjuDAmppTo3xM/zz763COTCgHfp/6lPdCyYjjqc+GM7sw==
                -----END PUBLIC KEY-----""";

        assertThat(VerifyKey.parse(pem).key()).isEqualTo(fastly);
        for (VerifyKey key : new VerifyKey[] {
            VerifyKey.fastlyFanout(), VerifyKey.parse(pem), VerifyKey.parse(encoded(pem)),
        }) {
            assertThat(key.isFastlyFanout()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~ | is empty",
                "~   ~ | is empty",
                "~secret-x\n~ | begins or ends with white space",
                "~ secret-x~ | begins or ends with white space",
                "file:secret-x.pem | names a file",
                "base64: | has nothing after base64:",
                "base64:=secret-x | has something other than base64 after base64:",
                "base64:secret x | has something other than base64 after base64:",
                "base64:secret_x | has something other than base64 after base64:",
                "base64:secretx=x | has something other than base64 after base64:",
                "-----BEGIN EC PRIVATE KEY----- secret-x -----END EC PRIVATE KEY----- | is a PEM, but not of one PUBLIC KEY or PRIVATE KEY",
                "-----BEGIN CERTIFICATE----- secret-x -----END CERTIFICATE----- | is a PEM, but not of one PUBLIC KEY or PRIVATE KEY",
                "-----BEGIN PUBLIC KEY----- secret | is a PEM, but not of one PUBLIC KEY or PRIVATE KEY",
                "-----BEGIN PUBLIC KEY----- ! -----END PUBLIC KEY----- | is a PEM, but not of one PUBLIC KEY or PRIVATE KEY",
                "-----BEGIN PUBLIC KEY----- secret -----END PRIVATE KEY----- | is a PEM, but not of one PUBLIC KEY or PRIVATE KEY",
                "-----BEGIN PUBLIC KEY----- secretx=x -----END PUBLIC KEY----- | is a PEM whose base64 is broken",
                "-----BEGIN PUBLIC KEY----- secret -----END PUBLIC KEY----- | is a PEM, but not of an EC P-256 key",
                "-----BEGIN PRIVATE KEY----- secret -----END PRIVATE KEY----- | is a PEM, but not of an EC P-256 key",
                "----- | is a PEM, but not of one PUBLIC KEY or PRIVATE KEY",
                "{ | begins with '{' and is not a usable JWK",
                "{} | begins with '{' and is not a usable JWK",
                "{secret-x} | begins with '{' and is not a usable JWK",
                "{\"kty\":\"oct\",\"k\":\"\"} | begins with '{' and is not a usable JWK",
                "{\"kty\":\"oct\",\"k\":7} | begins with '{' and is not a usable JWK",
                "{\"kty\":\"oct\",\"kty\":\"oct\",\"k\":\"secret\"} | begins with '{' and is not a usable JWK",
                "{\"kty\":\"oct\",\"k\":\"secret\"} x | begins with '{' and is not a usable JWK",
                "{\"kty\":7} | begins with '{' and is not a usable JWK",
                "{\"kty\":\"EC\",\"crv\":\"P-256\"} | begins with '{' and is not a usable JWK",
                "{\"kty\":\"EC\",\"crv\":\"P-255\",\"x\":\"AA\",\"y\":\"AA\"} | begins with '{' and is not a usable JWK",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"} | begins with '{' and is not a usable JWK",
                "{\"kty\":\"oct\",\"k\":\"secret\",\"alg\":\"HS512\"} | is a JWK whose alg or use does not allow it to sign HS256",
                "{\"kty\":\"oct\",\"k\":\"secret\",\"use\":\"enc\"} | is a JWK whose alg or use does not allow it to sign HS256",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"} | is an EC public key that is not a point on P-256",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"} | is an EC public key that is not a point on P-256",
            })
    void a_bad_key_is_refused_and_not_quoted(String text, String message) {
        for (Runnable parse : new Runnable[] {() -> VerifyKey.parse(text), () -> SigningKey.parse(text)}) {
            assertThatThrownBy(parse::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(message)
                    .hasStackTraceContaining("KeyText")
                    .satisfies(
                            e -> assertThat(stackTrace(e)).doesNotContain("secret-x", "secretx", "secret_x", "\"k\""));
        }
    }

    private static String stackTrace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp384r1", "secp521r1"})
    void other_curves_are_refused(String curve) {
        KeyPair pair = Tokens.pair("EC", curve);

        assertThatThrownBy(() -> VerifyKey.parse(Tokens.pem("PUBLIC KEY", pair.getPublic())))
                .hasMessageStartingWith("is an EC key of a curve other than P-256");
        assertThatThrownBy(() -> SigningKey.parse(Tokens.pem("PRIVATE KEY", pair.getPrivate())))
                .hasMessageStartingWith("is an EC key of a curve other than P-256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "Ed25519", "X25519"})
    void other_kinds_of_keys_are_refused(String algorithm) {
        KeyPair pair = Tokens.pair(algorithm, "");

        assertThatThrownBy(() -> VerifyKey.parse(Tokens.pem("PUBLIC KEY", pair.getPublic())))
                .hasMessageStartingWith("is a PEM, but not of an EC P-256 key");
        assertThatThrownBy(() -> SigningKey.parse(Tokens.pem("PRIVATE KEY", pair.getPrivate())))
                .hasMessageStartingWith("is a PEM, but not of an EC P-256 key");
    }

    @Test
    void a_point_that_is_not_on_the_curve_is_also_refused_in_a_pem() throws GeneralSecurityException {
        PublicKey beside = KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(
                        new ECPoint(publicKey().getW().getAffineX(), BigInteger.ONE),
                        publicKey().getParams()));

        assertThatThrownBy(() -> VerifyKey.parse(Tokens.pem("PUBLIC KEY", beside)))
                .hasMessageStartingWith("is an EC public key that is not a point on P-256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AA", "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE"})
    void a_private_key_out_of_range_is_refused(String d) {
        String jwk = jwk(
                base64(coordinate(publicKey().getW().getAffineX())),
                base64(coordinate(publicKey().getW().getAffineY())),
                ",\"d\":\"" + d + "\"");

        assertThatThrownBy(() -> SigningKey.parse(jwk)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void each_side_accepts_only_its_half_of_a_pair() {
        for (String text : new String[] {Tokens.PRIVATE_PEM, PRIVATE_JWK}) {
            assertThatThrownBy(() -> VerifyKey.parse(text)).hasMessageStartingWith("is a private key; use the");
        }
        for (String text : new String[] {Tokens.PUBLIC_PEM, PUBLIC_JWK}) {
            assertThatThrownBy(() -> SigningKey.parse(text)).hasMessageStartingWith("is a public key; allowed are");
        }
    }

    @Test
    void the_text_form_shows_no_secret() {
        assertThat(VerifyKey.parse("changeme")).hasToString("VerifyKey[HS256]");
        assertThat(SigningKey.parse(PRIVATE_JWK)).hasToString("SigningKey[ES256]");
    }

    @Test
    void randomly_changed_keys_are_read_or_refused() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String[] texts = {Tokens.PUBLIC_PEM, Tokens.PRIVATE_PEM, PUBLIC_JWK, PRIVATE_JWK, encoded(PUBLIC_JWK)};
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder(texts[random.nextInt(texts.length)]);
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                text.setCharAt(
                        random.nextInt(text.length()), (char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
            }
            try {
                VerifyKey.parse(text.toString());
            } catch (IllegalArgumentException e) {
                assertThat(e).as("seed %d", seed).hasMessageMatching("(?s)(is|has|begins|names) .*");
            }
        }
    }
}
