package dev.eventstream.stream;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import java.util.List;
import java.util.Map;

/**
 * A reset of one channel of a stream: its reader gets none of the events between the two positions.
 *
 * <p>Immutable.
 *
 * @param from the position that could not be honoured; {@link EventId#NONE} if it was before any event
 * @param to where the stream continued
 */
public record PositionReset(ChannelName channel, EventId from, EventId to) {

    /** The channels whose positions a reset has changed. */
    public static List<PositionReset> between(LastEventId before, LastEventId after) {
        return after.positions().entrySet().stream()
                .map(entry -> between(before, entry))
                .filter(reset -> !reset.from.equals(reset.to))
                .toList();
    }

    private static PositionReset between(LastEventId before, Map.Entry<ChannelName, EventId> after) {
        return new PositionReset(after.getKey(), before.in(after.getKey()).orElse(EventId.NONE), after.getValue());
    }

    /** Whether the reader did not get that event because of this reset. */
    public boolean skips(EventId event) {
        boolean isUpTo = to.epoch().equals(event.epoch()) && event.sequence() <= to.sequence();
        boolean isAfter = !from.epoch().equals(event.epoch()) || event.sequence() > from.sequence();
        return isUpTo && isAfter;
    }
}
