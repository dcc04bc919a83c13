package dev.eventstream.bus;

import dev.eventstream.channel.PlainText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a node reports about itself.
 *
 * <p>Immutable.
 *
 * @param id a random number, new each time the node starts
 * @param name the host's name and the process id, such as {@code web-3/4711}
 * @param version the version of this bundle
 * @param started when it started, by its own clock
 * @param streams the direct streams that it holds now
 * @param lag how long the node's last message on the bus took to come back to it; a message of another node takes about as long
 * @param settings digests, by YAML key, of the settings that should be the same on all nodes; a digest does not reveal a secret
 */
public record NodeInfo(
        long id,
        String name,
        String version,
        Instant started,
        int streams,
        Duration lag,
        Map<String, String> settings) {
    static final int MAX_TEXT_LENGTH = 255;
    static final int MAX_SETTINGS = 20;

    /**
     * @throws IllegalArgumentException if a text is too long or has control characters, a number is negative, or there are too many
     *     settings
     */
    public NodeInfo {
        checkText("name", name);
        checkText("version", version);
        if (streams < 0 || lag.isNegative() || settings.size() > MAX_SETTINGS) {
            throw new IllegalArgumentException(
                    "a node has " + streams + " streams, a lag of " + lag.toMillis() + " ms and " + settings.size()
                            + " settings; allowed are 0 or more, 0 or more, and 0 to " + MAX_SETTINGS);
        }
        settings.forEach((key, digest) -> {
            checkText("setting", key);
            checkText("digest", digest);
        });
        settings = Map.copyOf(settings);
    }

    private static void checkText(String what, String text) {
        if (text.length() > MAX_TEXT_LENGTH || !PlainText.isPlain(text)) {
            throw new IllegalArgumentException("the " + what + " of a node is " + PlainText.quote(text)
                    + "; allowed are up to " + MAX_TEXT_LENGTH + " characters without control characters");
        }
    }

    NodeInfo withLag(Duration measured) {
        return new NodeInfo(id, name, version, started, streams, measured, settings);
    }

    /** The YAML keys of the settings that differ between this node and the other one, in order. */
    public List<String> differences(NodeInfo other) {
        return Stream.concat(settings.keySet().stream(), other.settings.keySet().stream())
                .distinct()
                .filter(key -> !Objects.equals(settings.get(key), other.settings.get(key)))
                .sorted()
                .toList();
    }

    /** The id as logs show it. */
    public String shortId() {
        return String.format(Locale.ROOT, "%016x", id).substring(0, 8);
    }

    @Override
    public String toString() {
        return name + " (" + shortId() + ')';
    }
}
