package dev.eventstream.store;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import java.util.HashMap;
import java.util.Map;

/**
 * Where a channel's log ends.
 *
 * <p>Immutable.
 *
 * @param newest the position of the newest event; {@link EventId#NONE} if the channel has no log
 * @param isFinished whether the channel is finished, so that no event will follow
 */
public record LogEnd(EventId newest, boolean isFinished) {
    /**
     * Where a reader starts who has all events of the log. In a finished channel, that is before the event which finished it, so that
     * the reader still learns that the channel is finished.
     */
    public static LastEventId start(Map<ChannelName, LogEnd> ends) {
        Map<ChannelName, EventId> start = new HashMap<>();
        ends.forEach((channel, end) ->
                start.put(channel, end.isFinished() ? end.newest().previous() : end.newest()));
        return LastEventId.of(start);
    }

    /** The end of the log of a channel that is not finished. */
    public static LogEnd open(EventId newest) {
        return new LogEnd(newest, false);
    }
}
