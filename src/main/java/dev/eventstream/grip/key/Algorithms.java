package dev.eventstream.grip.key;

import java.security.Key;
import javax.crypto.SecretKey;
import org.jose4j.jws.AlgorithmIdentifiers;

/** The algorithm of a key: one for each kind of key, so a token cannot choose. Stateless, thread-safe. */
final class Algorithms {
    static final String SHARED = AlgorithmIdentifiers.HMAC_SHA256;
    static final String ELLIPTIC = AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256;

    private Algorithms() {}

    static String of(Key key) {
        return isShared(key) ? SHARED : ELLIPTIC;
    }

    static boolean isShared(Key key) {
        return key instanceof SecretKey;
    }
}
