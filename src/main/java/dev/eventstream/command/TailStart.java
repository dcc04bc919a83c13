package dev.eventstream.command;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import dev.eventstream.event.BadLastEventIdException;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.StartLimit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where {@code events tail} begins. Stateless. */
final class TailStart {
    /** With the next event. */
    static final String NOW = "now";

    static final String FORMS = "now, all, last:NUMBER, an id such as k3f9x2-41 if there is one channel, or"
            + " orders=k3f9x2-41,alerts=m1n2b3-7 for several";

    private static final Pattern LAST = Pattern.compile("last:([1-9][0-9]{0,8})");
    private static final Pattern ID = Pattern.compile("[a-z0-9]{1,16}-[0-9]{1,18}");

    private TailStart() {}

    /**
     * Finds the positions after which to read. A channel for which the text has no position begins now.
     *
     * @throws CommandFailedException if the text is none of {@link #FORMS}; the message quotes its beginning
     */
    static Map<ChannelName, EventId> positions(String from, List<ChannelName> channels, EventStore store) {
        Matcher last = LAST.matcher(from);
        if (from.equals(NOW)) {
            return now(channels, store);
        } else if (from.equals("all")) {
            return start(StartLimit.ALL, channels, store);
        } else if (last.matches()) {
            return start(StartLimit.newest(Long.parseLong(last.group(1))), channels, store);
        }
        Map<ChannelName, EventId> positions = now(channels, store);
        positions.putAll(stated(from, channels));
        return positions;
    }

    private static Map<ChannelName, EventId> now(List<ChannelName> channels, EventStore store) {
        return new HashMap<>(LogEnd.start(store.ends(channels)).positions());
    }

    private static Map<ChannelName, EventId> start(StartLimit limit, List<ChannelName> channels, EventStore store) {
        Optional<Map<ChannelName, EventId>> found = store.startPositions(channels, limit);
        return new HashMap<>(
                found.orElseThrow(
                        () -> new CommandFailedException(
                                "the application's store cannot tell where earlier events begin; use --from with an id, or --from now")));
    }

    private static Map<ChannelName, EventId> stated(String from, List<ChannelName> channels) {
        try {
            if (ID.matcher(from).matches()) {
                return Map.of(onlyOne(channels), EventId.parse(from));
            }
            LastEventId stated = LastEventId.parse(from);
            if (!stated.isEmpty() && channels.containsAll(stated.positions().keySet())) {
                return stated.positions();
            }
        } catch (IllegalArgumentException | BadLastEventIdException e) {
            throw malformed(from, e);
        }
        throw malformed(from, null);
    }

    private static ChannelName onlyOne(List<ChannelName> channels) {
        if (channels.size() > 1) {
            throw new IllegalArgumentException("there are several channels");
        }
        return channels.get(0);
    }

    private static CommandFailedException malformed(String from, @Nullable Throwable cause) {
        String message = "--from is " + PlainText.quote(from) + "; allowed are " + FORMS;
        return cause == null ? new CommandFailedException(message) : new CommandFailedException(message, cause);
    }
}
