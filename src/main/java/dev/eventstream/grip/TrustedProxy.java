package dev.eventstream.grip;

import dev.eventstream.grip.key.VerifyKey;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that requests may come through, and how they prove it.
 *
 * <p>Immutable.
 *
 * @param name its name in logs, metrics and health checks
 * @param key verifies its signatures; null if any {@code Grip-Sig} is trusted
 * @param issuer the required issuer of its signatures; null if any is accepted
 */
public record TrustedProxy(
        String name, @Nullable VerifyKey key, @Nullable String issuer) {

    /**
     * Refuses Fastly Fanout's key without an issuer, because every customer of theirs can have such requests signed.
     *
     * @throws IllegalArgumentException if the issuer is empty, or missing where it must not be; the message begins with a verb
     */
    public TrustedProxy {
        if (issuer == null && key != null && key.isFastlyFanout()) {
            throw new IllegalArgumentException(
                    "is missing; with Fastly Fanout's public key, which is the same for all their"
                            + " customers, it must be fastly:<SERVICE_ID>");
        } else if (issuer != null && issuer.isBlank()) {
            throw new IllegalArgumentException("is empty; allowed is the iss of the proxy's tokens, such as pushpin");
        }
    }
}
