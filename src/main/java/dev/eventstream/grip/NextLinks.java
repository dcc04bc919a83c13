package dev.eventstream.grip;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs {@link NextLink}s and verifies them. A link is a capability: a request that presents it is answered as the reader that
 * it names, within that reader's rights.
 *
 * <p>A link is {@code DIGEST?link=TOKEN}. The token contains the link and its expiry. The digest is in the path, because Pushpin
 * gives the same answer to all streams that ask for the same path at the same positions, and ignores the query (1.36, {@code
 * src/handler/engine.cpp}, {@code InspectWorker::doFinish}). The digest is keyed and covers the whole link except the expiry, so
 * two readers have the same path if and only if they may get the same answer.
 *
 * <p>A link contains nothing random and its expiry is coarse, so the same link has the same text throughout its lifetime, and a
 * proxy fetches it once for many streams.
 *
 * <p>Thread-safe.
 */
public final class NextLinks {
    /** Query parameter with the token. */
    public static final String PARAMETER = "link";

    /** Longest token that is accepted, in characters. */
    static final int MAX_LENGTH = 256 << 10;

    /** Lifetime of a link that is fetched at once; a proxy without an answer keeps trying for 33 s. */
    private static final Duration PAGE_LIFETIME = Duration.ofMinutes(1);

    /** Lifetime of a link for which a proxy sends no position, so that the link alone opens a stream. */
    private static final Duration UNSTORED_LIFETIME = Duration.ofHours(1);

    private static final Pattern CHECK_TOKEN = Pattern.compile("[a-f0-9]{32}");
    private static final int CHECK_HALF = 16;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int DIGEST_BYTES = 18;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final List<SecretKeySpec> secrets;
    private final Duration lifetime;
    private final Clock clock;

    /**
     * @param secrets the first signs, all verify; they are the same on every node
     * @param lifetime a link of a held stream is valid for this long at least, and for twice as long at most; one that opens a
     *     stream without a position from the proxy expires sooner
     */
    public NextLinks(List<String> secrets, Duration lifetime, Clock clock) {
        this.secrets = secrets.stream()
                .map(secret -> new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM))
                .toList();
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** A signed link, relative to the address at which links are answered; equal links have the same digest. */
    public record Signed(String digest, String token) {
        @Override
        public String toString() {
            return digest;
        }
    }

    /** The result of verifying a link. */
    public sealed interface Verified {
        /** The link is valid. */
        record Good(NextLink link) implements Verified {}

        /** The link has expired, or no current secret signed it. */
        record Refused(String reason) implements Verified {}
    }

    /** Signs a link. */
    public Signed sign(NextLink link) {
        SecretKeySpec secret = secrets.get(0);
        String content = NextLinkJson.write(link);
        String payload = Long.toString(expiry(link).getEpochSecond()) + '.' + content;
        return new Signed(
                ENCODER.encodeToString(mac(secret, "path", content)),
                ENCODER.encodeToString(payload.getBytes(StandardCharsets.UTF_8))
                        + '.'
                        + ENCODER.encodeToString(mac(secret, "token", payload)));
    }

    /**
     * Verifies a link and reads it.
     *
     * @param digest from the path
     * @param token from the query
     */
    public Verified verify(String digest, String token) {
        if (token.length() > MAX_LENGTH) {
            return new Verified.Refused("it has " + token.length() + " characters; allowed are " + MAX_LENGTH);
        }
        try {
            return verifyParts(digest, token.split("\\.", -1));
        } catch (IllegalArgumentException e) {
            return new Verified.Refused("it is malformed");
        }
    }

    private Verified verifyParts(String digest, String[] parts) {
        if (parts.length != 2) {
            return new Verified.Refused("it is malformed");
        }
        String payload = new String(DECODER.decode(parts[0]), StandardCharsets.UTF_8);
        Optional<SecretKeySpec> signer = signer(payload, DECODER.decode(parts[1]));
        if (signer.isEmpty()) {
            return new Verified.Refused("none of eventStream.grip.linkSecrets has signed it");
        }
        int dot = payload.indexOf('.');
        String content = payload.substring(dot + 1);
        if (!MessageDigest.isEqual(mac(signer.get(), "path", content), DECODER.decode(digest))) {
            return new Verified.Refused("its path belongs to another link");
        }
        return Instant.ofEpochSecond(Long.parseLong(payload.substring(0, dot))).isBefore(clock.instant())
                ? new Verified.Refused("it has expired")
                : new Verified.Good(NextLinkJson.read(content));
    }

    private Optional<SecretKeySpec> signer(String payload, byte[] shown) {
        return secrets.stream()
                .filter(secret -> MessageDigest.isEqual(mac(secret, "token", payload), shown))
                .findFirst();
    }

    private Instant expiry(NextLink link) {
        long seconds = lifetimeOf(link).toSeconds();
        return Instant.ofEpochSecond((clock.instant().getEpochSecond() / seconds + 2) * seconds);
    }

    private Duration lifetimeOf(NextLink link) {
        if (link.step() != NextLink.Step.RECOVER) {
            return PAGE_LIFETIME;
        }
        return link.stored().isEmpty() && lifetime.compareTo(UNSTORED_LIFETIME) > 0 ? UNSTORED_LIFETIME : lifetime;
    }

    /** Makes a token for a delivery check: 32 hexadecimal digits that every node with the same secrets recognises. */
    public String newCheckToken() {
        String random = UUID.randomUUID().toString().replace("-", "").substring(0, CHECK_HALF);
        return random + checkMac(secrets.get(0), random);
    }

    /** Whether that is a token from {@link #newCheckToken}. */
    public boolean isCheckToken(String token) {
        return CHECK_TOKEN.matcher(token).matches()
                && secrets.stream()
                        .anyMatch(secret -> MessageDigest.isEqual(
                                checkMac(secret, token.substring(0, CHECK_HALF)).getBytes(StandardCharsets.US_ASCII),
                                token.substring(CHECK_HALF).getBytes(StandardCharsets.US_ASCII)));
    }

    private static String checkMac(SecretKeySpec secret, String random) {
        return HexFormat.of().formatHex(mac(secret, "check", random), 0, CHECK_HALF / 2);
    }

    private static byte[] mac(SecretKeySpec secret, String purpose, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            byte[] whole = mac.doFinal((purpose + '\n' + text).getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(whole, DIGEST_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no " + ALGORITHM, e);
        }
    }
}
