package dev.eventstream.control;

import dev.eventstream.grip.key.KeyText;
import dev.eventstream.grip.key.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The credentials for a proxy's control port: none, a user and a password, a token, or a JWT that is renewed before it expires.
 *
 * <p>Thread-safe. {@code toString} shows only the kind.
 */
public final class ControlCredentials {
    static final Duration LIFETIME = Duration.ofMinutes(10);

    // the other half of the lifetime allows for requests under way and for clocks that differ
    private static final Duration RENEW_AFTER = LIFETIME.dividedBy(2);
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7E]+");

    private final String kind;
    private final Supplier<Optional<String>> header;

    private ControlCredentials(String kind, Supplier<Optional<String>> header) {
        this.kind = kind;
        this.header = header;
    }

    /** No credentials, for a control port that needs none, such as Pushpin's. */
    public static ControlCredentials none() {
        return new ControlCredentials("none", Optional::empty);
    }

    /**
     * A user and a password (RFC 7617).
     *
     * @throws IllegalArgumentException if the user has a colon
     */
    public static ControlCredentials basic(String user, String password) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("has a user with a colon in its name, which HTTP does not allow");
        }
        byte[] bytes = (user + ':' + password).getBytes(StandardCharsets.UTF_8);
        String value = "Basic " + Base64.getEncoder().encodeToString(bytes);
        return new ControlCredentials("Basic", () -> Optional.of(value));
    }

    /**
     * A token (RFC 6750).
     *
     * @param text the token, or {@code base64:} and its encoded bytes
     * @throws IllegalArgumentException if the token is not allowed in a header
     */
    public static ControlCredentials bearer(String text) {
        String token = new String(KeyText.bytes(text), StandardCharsets.UTF_8);
        if (!TOKEN.matcher(token).matches()) {
            throw new IllegalArgumentException(
                    "is not a token that is allowed in a header; without an issuer it must consist of"
                            + " visible ASCII characters");
        }
        return new ControlCredentials("Bearer token", () -> Optional.of("Bearer " + token));
    }

    /**
     * A JWT that is valid for ten minutes and renewed after five.
     *
     * @param issuer its {@code iss}
     */
    public static ControlCredentials jwt(String issuer, SigningKey key, Clock clock) {
        return new ControlCredentials("Bearer JWT", new Renewed(expires -> key.sign(issuer, expires), clock));
    }

    /** The value of the {@code Authorization} header for a request that is sent now; empty if it has none. */
    public Optional<String> authorization() {
        return header.get();
    }

    @Override
    public String toString() {
        return "ControlCredentials[" + kind + "]";
    }

    /** Two threads may sign at the same time; either token is good. */
    private static final class Renewed implements Supplier<Optional<String>> {
        private final Function<Instant, String> sign;
        private final Clock clock;
        private volatile @Nullable Signed last;

        Renewed(Function<Instant, String> sign, Clock clock) {
            this.sign = sign;
            this.clock = clock;
        }

        @Override
        public Optional<String> get() {
            Instant now = clock.instant();
            Signed signed = last;
            if (signed == null || now.isBefore(signed.at) || !now.isBefore(signed.at.plus(RENEW_AFTER))) {
                signed = new Signed(now, "Bearer " + sign.apply(now.plus(LIFETIME)));
                last = signed;
            }
            return Optional.of(signed.header);
        }
    }

    private record Signed(Instant at, String header) {}
}
