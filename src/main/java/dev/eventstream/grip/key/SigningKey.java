package dev.eventstream.grip.key;

import java.security.Key;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Optional;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/**
 * A key that signs tokens for a control port: a shared secret (HS256) or an EC P-256 private key (ES256).
 *
 * <p>Immutable.
 */
public final class SigningKey {
    private final Key key;

    private SigningKey(Key key) {
        this.key = key;
    }

    /**
     * Reads a key as it is written in GRIP configurations: the secret itself, {@code base64:} and the encoded bytes, PEM (PKCS#8),
     * JWK.
     *
     * @throws IllegalArgumentException if it is none of these; the message begins with a verb and quotes nothing of the key
     */
    public static SigningKey parse(String text) {
        Key key = KeyText.parse(text);
        if (key instanceof ECPublicKey) {
            throw new IllegalArgumentException("is a public key; allowed are a shared secret and an EC private key");
        }
        return new SigningKey(key);
    }

    /** The same key for verifying, if it is shared. */
    public Optional<VerifyKey> shared() {
        return Algorithms.isShared(key) ? Optional.of(new VerifyKey(key)) : Optional.empty();
    }

    /** A JWT with that issuer and expiry. */
    public String sign(String issuer, Instant expires) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(issuer);
        claims.setExpirationTime(NumericDate.fromSeconds(expires.getEpochSecond()));
        JsonWebSignature token = new JsonWebSignature();
        token.setHeader("typ", "JWT");
        token.setAlgorithmHeaderValue(Algorithms.of(key));
        token.setKey(key);
        // shared secrets of less than 256 bits are common
        token.setDoKeyValidation(!Algorithms.isShared(key));
        token.setPayload(claims.toJson());
        try {
            return token.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("a key that was read cannot sign", e);
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + Algorithms.of(key) + "]";
    }
}
