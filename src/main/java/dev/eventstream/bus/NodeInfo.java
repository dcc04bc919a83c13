package dev.eventstream.bus;

import dev.eventstream.channel.PlainText;
import java.time.Instant;
import java.util.Locale;

/**
 * What a node reports about itself.
 *
 * <p>Immutable.
 *
 * @param id a random number, new each time the node starts
 * @param name the host's name and the process id, such as {@code web-3/4711}
 * @param started when it started, by its own clock
 * @param streams the direct streams that it holds now
 */
public record NodeInfo(long id, String name, Instant started, int streams) {
    static final int MAX_NAME_LENGTH = 255;

    /**
     * @throws IllegalArgumentException if the name is too long or has control characters, or the number of streams is negative
     */
    public NodeInfo {
        if (name.length() > MAX_NAME_LENGTH || !PlainText.isPlain(name)) {
            throw new IllegalArgumentException("a node is named " + PlainText.quote(name) + "; allowed are up to "
                    + MAX_NAME_LENGTH + " characters without control characters");
        }
        if (streams < 0) {
            throw new IllegalArgumentException("a node has " + streams + " streams; allowed are 0 or more");
        }
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
