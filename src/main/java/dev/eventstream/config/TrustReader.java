package dev.eventstream.config;

import static dev.eventstream.config.ProxyKeys.at;

import dev.eventstream.grip.TrustedProxy;
import dev.eventstream.grip.key.SigningKey;
import dev.eventstream.grip.key.VerifyKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads how a proxy's requests are recognised: {@code verifyKey} and {@code verifyIss}, or {@code trustUnsigned}.
 *
 * <p>Confined to one thread.
 */
final class TrustReader {
    private final ProxyKeys keys;

    TrustReader(ProxyKeys keys) {
        this.keys = keys;
    }

    /**
     * Reads it.
     *
     * @param name the proxy's name
     * @param isFastly whether the key is Fastly Fanout's if none is set
     * @throws IllegalArgumentException if a key is missing or not allowed
     */
    TrustedProxy read(String name, boolean isFastly) {
        if (keys.block().isTrustUnsigned()) {
            refuseBesideTrust("verifyKey", keys.values().verifyKey());
            refuseBesideTrust("verifyIss", keys.values().verifyIssuer());
            return new TrustedProxy(name, null, null);
        }
        VerifyKey key = verifyKey(isFastly)
                .orElseThrow(() -> new IllegalArgumentException(
                        "verifyKey is missing: anybody could claim to be this proxy; set it to the key that the proxy signs"
                                + " with (Pushpin's sig_key), or set trustUnsigned: true if only the proxy can reach this"
                                + " application"));
        return at(
                keys.place("verifyIss", "verify-iss", keys.block().getVerifyIss()),
                () -> new TrustedProxy(name, key, keys.values().verifyIssuer()));
    }

    private static void refuseBesideTrust(String key, @Nullable String value) {
        if (value != null) {
            throw new IllegalArgumentException(
                    key + " is set, but trustUnsigned: true makes it meaningless; keep one of them");
        }
    }

    private Optional<VerifyKey> verifyKey(boolean isFastly) {
        String verify = keys.values().verifyKey();
        if (verify != null) {
            String place = keys.place("verifyKey", "verify-key", keys.block().getVerifyKey());
            return Optional.of(strong(place, at(place, () -> VerifyKey.parse(verify))));
        } else if (isFastly) {
            return Optional.of(VerifyKey.fastlyFanout());
        }
        return signingKey().flatMap(SigningKey::shared).map(key -> strong(keys.place("controlKey", "key"), key));
    }

    private Optional<SigningKey> signingKey() {
        String key = keys.values().key();
        return key == null || keys.values().issuer() == null ? Optional.empty() : Optional.of(SigningKey.parse(key));
    }

    private static VerifyKey strong(String place, VerifyKey key) {
        return at(place, () -> {
            if (key.isShared()) {
                Secrets.checkShared(
                        "eventStream.grip.proxies[]: " + place, key.key().getEncoded());
            }
            return key;
        });
    }
}
