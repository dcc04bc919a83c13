package dev.eventstream.grip;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs {@link NextLink}s and reads them back. A link is a capability: whoever shows it is answered as the reader it names,
 * as far as that reader's rights go.
 *
 * <p>{@code DIGEST?link=TOKEN}. The token holds all that the link says and when it expires. The digest stands in the path,
 * because Pushpin shares one answer among all who ask for the same path with the same positions and ignores the query (1.36,
 * {@code src/handler/engine.cpp}, {@code InspectWorker::doFinish}); it is keyed and covers all that the link says but the
 * expiry. So two readers have the same path if and only if they may have the same answer.
 *
 * <p>There is nothing random in a link and its expiry is coarse: the same link is the same text for as long as the lifetime, so
 * that a proxy fetches it once for many streams.
 *
 * <p>Thread-safe.
 */
public final class NextLinks {
    /** Query parameter with the token. */
    public static final String PARAMETER = "link";

    /** Longest token that is read, in characters. */
    static final int MAX_LENGTH = 256 << 10;

    /** How long a link is good that is fetched at once; a proxy that gets no answer tries for 33 s. */
    private static final Duration PAGE_LIFETIME = Duration.ofMinutes(1);

    /** How long a link is good with which a proxy has no position to send, so that the link alone opens a stream. */
    private static final Duration UNSTORED_LIFETIME = Duration.ofHours(1);

    private static final Pattern CHECK_TOKEN = Pattern.compile("[a-f0-9]{32}");
    private static final int CHECK_HALF = 16;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int DIGEST_BYTES = 18;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final List<SecretKeySpec> secrets;
    private final Duration lifetime;
    private final Clock clock;

    /**
     * @param secrets the first signs, any of them verifies; the same on every node
     * @param lifetime a link of a held stream is good for this long at least, and for twice as long at most; one that opens a
     *     stream without a position from the proxy expires sooner
     */
    public NextLinks(List<String> secrets, Duration lifetime, Clock clock) {
        this.secrets = secrets.stream()
                .map(secret -> new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM))
                .toList();
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** A link as it is sent, relative to where links are answered; its beginning tells whether two are alike. */
    public record Signed(String digest, String token) {
        @Override
        public String toString() {
            return digest;
        }
    }

    /** What has become of a link that came back. */
    public sealed interface Verified {
        /** It is ours. */
        record Good(NextLink link) implements Verified {}

        /** It was ours: it has expired, or was signed with a secret that is no longer known, or never was. */
        record Refused(String reason) implements Verified {}
    }

    /** Signs a link. */
    public Signed sign(NextLink link) {
        SecretKeySpec secret = secrets.get(0);
        String said = write(link);
        String payload = Long.toString(expiry(link).getEpochSecond()) + '.' + said;
        return new Signed(
                ENCODER.encodeToString(mac(secret, "path", said)),
                ENCODER.encodeToString(payload.getBytes(StandardCharsets.UTF_8))
                        + '.'
                        + ENCODER.encodeToString(mac(secret, "token", payload)));
    }

    /**
     * Reads a link.
     *
     * @param digest as it stood in the path
     * @param token as it stood in the query
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
        String said = payload.substring(dot + 1);
        if (!MessageDigest.isEqual(mac(signer.get(), "path", said), DECODER.decode(digest))) {
            return new Verified.Refused("its path is that of another link");
        }
        return Instant.ofEpochSecond(Long.parseLong(payload.substring(0, dot))).isBefore(clock.instant())
                ? new Verified.Refused("it has expired")
                : new Verified.Good(read(said));
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

    /** A token for a delivery check: 32 hexadecimal digits, which every node with the same secrets recognises. */
    public String newCheckToken() {
        String random = UUID.randomUUID().toString().replace("-", "").substring(0, CHECK_HALF);
        return random + checkMac(secrets.get(0), random);
    }

    /** Whether that is a token of {@link #newCheckToken}. */
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

    // one key, one meaning; what is written here is read below and nowhere else
    private static String write(NextLink link) {
        ObjectNode node = JSON.createObjectNode();
        node.put("step", link.step().name().toLowerCase(Locale.ROOT));
        if (link.user() != null) {
            node.put("user", link.user());
        }
        names(node.putArray("channels"), link.stored());
        names(node.putArray("unstored"), link.unstored());
        if (!link.position().isEmpty()) {
            ArrayNode positions = node.putArray("positions");
            link.stored()
                    .forEach(channel -> positions.add(
                            link.position().in(channel).orElse(EventId.NONE).toString()));
        }
        return node.toString();
    }

    private static void names(ArrayNode array, List<ChannelName> channels) {
        channels.forEach(channel -> array.add(channel.value()));
    }

    private static NextLink read(String said) {
        try {
            JsonNode node = JSON.readTree(said);
            JsonNode user = node.get("user");
            List<ChannelName> stored = channels(node.path("channels"));
            return new NextLink(
                    NextLink.Step.valueOf(node.path("step").asText().toUpperCase(Locale.ROOT)),
                    user == null ? null : user.asText(),
                    stored,
                    channels(node.path("unstored")),
                    position(stored, node.path("positions")));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a link that we signed is not JSON", e);
        }
    }

    // in the order of the channels, whose names are long and need not be repeated
    private static LastEventId position(List<ChannelName> channels, JsonNode positions) {
        Map<ChannelName, EventId> found = new HashMap<>();
        for (int i = 0; i < positions.size(); i++) {
            found.put(channels.get(i), EventId.parse(positions.get(i).asText()));
        }
        return LastEventId.of(found);
    }

    private static List<ChannelName> channels(JsonNode names) {
        List<ChannelName> channels = new ArrayList<>();
        names.forEach(name -> channels.add(new ChannelName(name.asText())));
        return channels;
    }
}
