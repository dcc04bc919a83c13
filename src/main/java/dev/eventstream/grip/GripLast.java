package dev.eventstream.grip;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code Grip-Last}: the position of a held stream, as its proxy knows it.
 *
 * <pre>{@code Grip-Last: events-a%20b; last-id=k3f9x2-41}</pre>
 *
 * <p>Stateless, thread-safe.
 */
public final class GripLast {
    /** Header with the position of one channel; there may be several. */
    public static final String HEADER = "Grip-Last";

    /** Longest value of all headers together, in characters. */
    static final int MAX_LENGTH = 256 << 10;

    private static final Pattern ENTRY =
            Pattern.compile("\\s*([^;\\s]+)\\s*;\\s*last-id=(?:\"([^\"]*)\"|([^;\\s]*))\\s*");

    private GripLast() {}

    /** The header for one channel, as a proxy sends it, with its line end. */
    public static String line(ChannelName channel, EventId position) {
        return HEADER + ": " + GripNames.events(channel) + "; last-id=" + position + "\r\n";
    }

    /**
     * Reads the positions in our channels; others are ignored.
     *
     * @param values of the headers, each with one entry or several separated by commas
     * @throws IllegalArgumentException if one is malformed, or a channel occurs twice
     */
    public static LastEventId parse(List<String> values) {
        if (values.stream().mapToLong(String::length).sum() > MAX_LENGTH) {
            throw new IllegalArgumentException("Grip-Last is longer than " + MAX_LENGTH + " characters");
        }
        Map<ChannelName, EventId> positions = new HashMap<>();
        for (String value : values) {
            for (String entry : value.split(",", -1)) {
                add(entry, positions);
            }
        }
        return LastEventId.of(positions);
    }

    private static void add(String entry, Map<ChannelName, EventId> positions) {
        Matcher matcher = ENTRY.matcher(entry);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Grip-Last has an entry that is not of the form name; last-id=position");
        }
        String lastId = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
        Optional<ChannelName> channel = GripNames.channel(matcher.group(1));
        if (channel.isPresent() && positions.put(channel.get(), EventId.parse(lastId)) != null) {
            throw new IllegalArgumentException("Grip-Last names channel \"" + channel.get() + "\" twice");
        }
    }
}
