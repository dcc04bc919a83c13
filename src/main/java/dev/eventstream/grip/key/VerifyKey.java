package dev.eventstream.grip.key;

import java.security.Key;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;

/**
 * A key that verifies a proxy's {@code Grip-Sig}: a secret shared with the proxy (HS256), or its EC P-256 public key (ES256). A key
 * is used with its algorithm only, whatever a token says.
 *
 * <p>Immutable.
 */
public final class VerifyKey {
    // js-grip, src/fastly-fanout/keys.ts
    private static final VerifyKey FASTLY_FANOUT = parse("""
                    {"kty":"EC","crv":"P-256","x":"CKo5A1ebyFcnmVV8SE5On-8G81JyBjSvcrx4VLetWCg",\
                    "y":"7gwJqaU6N8TP88--twjkwoB36f-pT3QsmI46nPhjO7M"}""");

    private final Key key;

    VerifyKey(Key key) {
        this.key = key;
    }

    /**
     * Reads a key as it is written in GRIP configurations: the secret itself, {@code base64:} and the encoded bytes, PEM (SPKI), JWK.
     *
     * @throws IllegalArgumentException if it is none of these; the message begins with a verb and quotes nothing of the key
     */
    public static VerifyKey parse(String text) {
        Key key = KeyText.parse(text);
        if (key instanceof ECPrivateKey) {
            throw new IllegalArgumentException("is a private key; use the public key that belongs to it");
        }
        return new VerifyKey(key);
    }

    /** Fastly Fanout's public key. It is the same for all customers, so only the issuer distinguishes them. */
    public static VerifyKey fastlyFanout() {
        return FASTLY_FANOUT;
    }

    /** Whether this is Fastly Fanout's public key, however it was written. */
    public boolean isFastlyFanout() {
        return key instanceof ECPublicKey mine
                && FASTLY_FANOUT.key instanceof ECPublicKey fastly
                && mine.getW().equals(fastly.getW());
    }

    public Key key() {
        return key;
    }

    public String algorithm() {
        return Algorithms.of(key);
    }

    public boolean isShared() {
        return Algorithms.isShared(key);
    }

    @Override
    public String toString() {
        return "VerifyKey[" + algorithm() + "]";
    }
}
