package dev.eventstream.grip;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens and keys made with the JDK alone, so that they are independent of the code that reads them. Stateless, thread-safe. */
public final class Tokens {
    static final String HS256 = "{\"typ\":\"JWT\",\"alg\":\"HS256\"}";
    public static final String ES256 = "{\"typ\":\"JWT\",\"alg\":\"ES256\"}";

    // openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256
    public static final String PRIVATE_PEM = """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTYb/G0kx1qCWnXll
            /qBinxDALsjRcuHlGD0fgrVLk2WhRANCAAR2cr4Ez1RrHqYnK0aMFYqoxcjwJG1z
            +kaXeOaZwJPwOT456uL5CcDwKTspaNZFQVu6hyjirlxUI1n5WO4TqCaL
            -----END PRIVATE KEY-----
            """;

    public static final String PUBLIC_PEM = """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdnK+BM9Uax6mJytGjBWKqMXI8CRt
            c/pGl3jmmcCT8Dk+Oeri+QnA8Ck7KWjWRUFbuoco4q5cVCNZ+VjuE6gmiw==
            -----END PUBLIC KEY-----
            """;

    private Tokens() {}

    public static String hs256(String header, String claims, String secret) {
        return hs256(header, claims, secret.getBytes(StandardCharsets.UTF_8));
    }

    public static String hs256(String header, String claims, byte[] secret) {
        String signed = base64(header) + '.' + base64(claims);
        return signed + '.' + base64(mac(signed, secret));
    }

    public static byte[] mac(String signed, byte[] secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static String es256(String header, String claims, PrivateKey key) {
        String signed = base64(header) + '.' + base64(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + '.' + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static boolean isEs256(String token, PublicKey key) {
        int dot = token.lastIndexOf('.');
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initVerify(key);
            signature.update(token.substring(0, dot).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static PrivateKey privateKey() {
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der(PRIVATE_PEM)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static PublicKey publicKey() {
        try {
            return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der(PUBLIC_PEM)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static KeyPair pair(String algorithm, String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("EC")) {
                generator.initialize(new ECGenParameterSpec(curve));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static String pem(String label, Key key) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END " + label + "-----\n";
    }

    public static byte[] der(String pem) {
        return Base64.getDecoder().decode(pem.replaceAll("-----[A-Z ]+-----|\\s", ""));
    }

    public static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    public static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
