package dev.eventstream.grip.key;

import dev.eventstream.channel.PlainText;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.OctetSequenceJsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/**
 * Reads keys as js-grip and django-grip do: the secret itself; {@code base64:} and the encoded bytes; PEM (SPKI or PKCS#8); JWK.
 * The bytes after {@code base64:} may in turn be PEM or JWK.
 *
 * <p>Unlike those libraries, it refuses text that begins like a PEM or a JWK but is unknown. They take such text for a secret, even
 * if it is public, such as the wrong kind of public key.
 *
 * <p>Every message begins with a verb, so that it can follow the name of a setting, and quotes nothing of the key. Most causes are
 * left out, because they would quote it. Stateless, thread-safe.
 */
public final class KeyText {
    private static final String BASE64 = "base64:";
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN (PUBLIC|PRIVATE) KEY-----([A-Za-z0-9+/=\\s]+)-----END \\1 KEY-----");

    private KeyText() {}

    /**
     * A shared secret, an {@link ECPublicKey} or an {@link ECPrivateKey}, the latter two of P-256.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public static Key parse(String text) {
        if (text.startsWith(BASE64)) {
            return ofBytes(base64(text.substring(BASE64.length())));
        }
        String stripped = text.strip();
        if (stripped.startsWith("-----")) {
            return pem(stripped);
        } else if (stripped.startsWith("{")) {
            return jwk(stripped);
        }
        return secret(text);
    }

    /** The bytes of a secret or a token, whatever they look like. */
    public static byte[] bytes(String text) {
        return text.startsWith(BASE64)
                ? base64(text.substring(BASE64.length()))
                : text.getBytes(StandardCharsets.UTF_8);
    }

    private static HmacKey secret(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("is empty; " + allowed());
        } else if (text.startsWith("file:")) {
            throw new IllegalArgumentException("names a file; put its content here: " + allowed());
        } else if (!text.equals(text.strip())) {
            throw new IllegalArgumentException(
                    "begins or ends with white space; write it as base64: if that is intended");
        } else if (!PlainText.isUnicode(text)) {
            throw new IllegalArgumentException("has half a surrogate pair; " + allowed());
        }
        return new HmacKey(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Key ofBytes(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new HmacKey(bytes);
        }
        if (text.startsWith("-----BEGIN ")) {
            return pem(text.strip());
        } else if (text.startsWith("{") && isJson(text)) {
            return jwk(text);
        }
        return new HmacKey(bytes);
    }

    private static byte[] base64(String encoded) {
        try {
            byte[] bytes = Base64.getDecoder().decode(encoded);
            if (bytes.length > 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "has something other than base64 after base64: (in a URL each '+' must be escaped)");
        }
        throw new IllegalArgumentException("has nothing after base64:");
    }

    private static boolean isJson(String text) {
        try {
            JsonUtil.parseJson(text);
            return true;
        } catch (JoseException e) {
            return false;
        }
    }

    private static Key pem(String text) {
        Matcher matcher = PEM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is a PEM, but not of one PUBLIC KEY or PRIVATE KEY"
                    + " (openssl pkcs8 -topk8 -nocrypt turns an EC PRIVATE KEY into one)");
        }
        try {
            byte[] der = base64Of(matcher.group(2));
            KeyFactory factory = KeyFactory.getInstance("EC");
            return matcher.group(1).equals("PUBLIC")
                    ? onCurve((ECPublicKey) factory.generatePublic(new X509EncodedKeySpec(der)))
                    : inRange((ECPrivateKey) factory.generatePrivate(new PKCS8EncodedKeySpec(der)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("is a PEM, but not of an EC P-256 key; " + allowed(), e);
        }
    }

    private static byte[] base64Of(String lines) {
        try {
            return Base64.getDecoder().decode(lines.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is a PEM whose base64 is broken (in a URL each '+' must be escaped)");
        }
    }

    private static Key jwk(String json) {
        JsonWebKey jwk;
        try {
            jwk = JsonWebKey.Factory.newJwk(json);
        } catch (JoseException | RuntimeException e) {
            // the JDK throws the latter for a coordinate that is too long
            throw new IllegalArgumentException("begins with '{' and is not a usable JWK; " + allowed());
        }
        if (jwk instanceof OctetSequenceJsonWebKey shared) {
            return usable(jwk, Algorithms.SHARED, new HmacKey(shared.getOctetSequence()));
        } else if (jwk instanceof EllipticCurveJsonWebKey pair) {
            Key key = pair.getEcPrivateKey() == null ? onCurve(pair.getECPublicKey()) : inRange(pair.getEcPrivateKey());
            return usable(jwk, Algorithms.ELLIPTIC, key);
        }
        throw new IllegalArgumentException("is a JWK of another kind; " + allowed());
    }

    private static Key usable(JsonWebKey jwk, String algorithm, Key key) {
        String named = jwk.getAlgorithm();
        String use = jwk.getUse();
        if ((named != null && !named.equals(algorithm)) || (use != null && !use.equals("sig"))) {
            throw new IllegalArgumentException("is a JWK whose alg or use does not allow it to sign " + algorithm);
        }
        return key;
    }

    // neither the JDK nor jose4j checks whether a public key is a point on its curve
    private static ECPublicKey onCurve(ECPublicKey key) {
        EllipticCurve curve = p256(key);
        BigInteger p = ((ECFieldFp) curve.getField()).getP();
        ECPoint point = key.getW();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        BigInteger right = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB());
        boolean inField = x.signum() >= 0 && x.compareTo(p) < 0 && y.signum() >= 0 && y.compareTo(p) < 0;
        if (!inField || y.pow(2).subtract(right).mod(p).signum() != 0) {
            throw new IllegalArgumentException("is an EC public key that is not a point on P-256; " + allowed());
        }
        return key;
    }

    private static ECPrivateKey inRange(ECPrivateKey key) {
        p256(key);
        if (key.getS().signum() <= 0 || key.getS().compareTo(key.getParams().getOrder()) >= 0) {
            throw new IllegalArgumentException("is an EC private key that is out of range; " + allowed());
        }
        return key;
    }

    private static EllipticCurve p256(ECKey key) {
        EllipticCurve curve = key.getParams().getCurve();
        if (!curve.equals(EllipticCurves.P256.getCurve())) {
            throw new IllegalArgumentException("is an EC key of a curve other than P-256; " + allowed());
        }
        return curve;
    }

    private static String allowed() {
        return "allowed are a shared secret, base64: and the encoded bytes, or an EC P-256 key as PEM or JWK";
    }
}
