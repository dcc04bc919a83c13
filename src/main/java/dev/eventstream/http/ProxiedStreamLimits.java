package dev.eventstream.http;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.grip.GripLast;
import dev.eventstream.grip.NextLink;
import dev.eventstream.grip.NextLinks;
import dev.eventstream.stream.StreamFrame.Condition;
import dev.eventstream.stream.StreamView;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The limits of the streams that a proxy can hold: its subscriptions, and the size of its later requests.
 *
 * <p>Thread-safe.
 */
final class ProxiedStreamLimits {
    /** Bytes in the head of a proxy's request besides the link and the positions. */
    private static final int OTHER_REQUEST_BYTES = 1_024;

    private static final Instant LONGEST_UNTIL = NextLink.NEVER.minusSeconds(1);
    private static final EventId LONGEST_POSITION = new EventId("x".repeat(16), EventId.MAX_SEQUENCE);

    private final ProxiedStreamSettings settings;
    private final NextLinks links;

    ProxiedStreamLimits(ProxiedStreamSettings settings, NextLinks links) {
        this.settings = settings;
        this.links = links;
    }

    /**
     * Refuses a stream that a proxy cannot hold.
     *
     * @throws StreamRefusedException if there are too many channels, their names are too long, or no link can carry the user's
     *     name
     */
    void check(StreamView view, List<ChannelName> channels) {
        if (view.reader().user().filter(user -> !PlainText.isUnicode(user)).isPresent()) {
            throw badRequest("the name of the user has half a surrogate pair, which cannot be sent to a proxy");
        }
        int types = view.types().types().size();
        int counted = settings.presence().trackedOf(channels).size();
        // and the reader's own
        if (channels.size() + types + counted + 1 > settings.maxSubscriptions()) {
            throw badRequest(channels.size() + " channels" + (types == 0 ? "" : ", " + types + " types of events")
                    + (counted == 0 ? "" : ", " + counted + " to count its readers (eventStream.presence)")
                    + " and the reader's own are requested; a proxy holds " + settings.maxSubscriptions()
                    + " on one stream (eventStream.grip.maxSubscriptions)");
        }
        long head = longestHead(view, channels);
        if (head > settings.maxRequestHead()) {
            throw badRequest(
                    "the names of these channels are too long together: the head of a proxy's requests for them would"
                            + " have " + head + " bytes; this service allows " + settings.maxRequestHead()
                            + " (server.applicationConnectors[].maxRequestHeaderSize)");
        }
    }

    private static StreamRefusedException badRequest(String text) {
        return new StreamRefusedException(Condition.BAD_REQUEST, text, List.of());
    }

    // the longest later request is that for a page: its link contains positions, and the proxy adds those that it knows
    private long longestHead(StreamView view, List<ChannelName> channels) {
        Map<ChannelName, EventId> positions = channels.stream().collect(toMap(identity(), channel -> LONGEST_POSITION));
        NextLink page = NextLink.recover(view.reader().user().orElse(null), channels, List.of())
                .showing(view.types())
                .until(LONGEST_UNTIL)
                .then(NextLink.Step.PAGE, LastEventId.of(positions));
        return settings.address(links.sign(page)).length()
                + channels.stream()
                        .mapToLong(channel ->
                                GripLast.line(channel, LONGEST_POSITION).length())
                        .sum()
                + OTHER_REQUEST_BYTES;
    }
}
