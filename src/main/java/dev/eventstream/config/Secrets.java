package dev.eventstream.config;

import dev.eventstream.http.PublishToken;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses published and guessable secrets, and warns about short ones. Shows no secret. Stateless, thread-safe. */
final class Secrets {
    /** Shorter secrets can be guessed. */
    static final int MIN_BYTES = 8;

    /** Length of the hash of HS256, which a shorter secret weakens. */
    static final int GOOD_BYTES = 32;

    /** Shortest bearer token of a sender, in characters. */
    static final int MIN_TOKEN_LENGTH = 16;

    // the characters of a bearer token (RFC 6750, 2.1)
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private static final Logger LOGGER = LoggerFactory.getLogger(Secrets.class);

    // from README and config.yml of this library, and from the configuration that Pushpin is shipped with
    private static final Set<String> PUBLISHED = Set.of(
            "changeme",
            "example-token-change-me",
            "an-example-with-32-characters-or-more",
            "a-secret-for-the-links-of-an-example");

    private Secrets() {}

    /** Whether a text can be the bearer token of a sender. */
    static boolean isBearerToken(String token) {
        return token.length() >= MIN_TOKEN_LENGTH && TOKEN.matcher(token).matches();
    }

    /** Whether the secret is published in a document. */
    static boolean isPublished(@Nullable String secret) {
        return secret != null && PUBLISHED.contains(secret);
    }

    /** Whether it is the SHA-256 of a published secret. */
    static boolean isPublished(byte[] sha256) {
        return PUBLISHED.stream().anyMatch(secret -> Arrays.equals(PublishToken.digest(secret), sha256));
    }

    /**
     * Checks a secret that is shared with a proxy.
     *
     * @param key the YAML key, for the warning
     * @throws IllegalArgumentException if it is published or can be guessed; the message begins with a verb
     */
    static void checkShared(String key, byte[] secret) {
        if (isPublished(new String(secret, StandardCharsets.UTF_8))) {
            throw new IllegalArgumentException("is a published secret, such as the one that Pushpin is shipped with;"
                    + " make one with openssl rand -hex 24");
        } else if (secret.length < MIN_BYTES) {
            throw new IllegalArgumentException("is a secret of " + secret.length + " byte(s); allowed are " + MIN_BYTES
                    + " or more, and " + GOOD_BYTES + " are recommended: openssl rand -hex 24 makes one");
        }
        warnIfShort(key, secret.length);
    }

    /** Warns about a secret that is shorter than it should be. */
    static void warnIfShort(String key, String secret) {
        warnIfShort(key, secret.getBytes(StandardCharsets.UTF_8).length);
    }

    /** Whether a secret is shorter than it should be. */
    static boolean isShort(int bytes) {
        return bytes < GOOD_BYTES;
    }

    private static void warnIfShort(String key, int bytes) {
        if (isShort(bytes)) {
            LOGGER.warn(
                    "{} is a secret of {} bytes; {} or more are recommended: openssl rand -hex 24 makes one",
                    key,
                    bytes,
                    GOOD_BYTES);
        }
    }
}
