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
 * What we sign tokens for a control port with: a shared secret (HS256) or an EC P-256 private key (ES256).
 *
 * <p>Immutable.
 */
public final class SigningKey {
    private final Key key;

    private SigningKey(Key key) {
        this.key = key;
    }

    /**
     * Reads a key from text as GRIP configurations write it: the secret itself, {@code base64:} and its bytes, PEM (PKCS#8),
     * JWK.
     *
     * @throws IllegalArgumentException if it is none of these; the message begins with a verb and quotes nothing of the key
     */
    public static SigningKey parse(String text) {
        Key key = KeyText.parse(text);
        if (key instanceof ECPublicKey) {
            throw new IllegalArgumentException("is a public key; what signs is a shared secret or an EC private key");
        }
        return new SigningKey(key);
    }

    /** The same key as the other side has it, if it is shared. */
    public Optional<VerifyKey> shared() {
        return Algorithms.isShared(key) ? Optional.of(new VerifyKey(key)) : Optional.empty();
    }

    /** A JWT that says who we are until when. */
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
