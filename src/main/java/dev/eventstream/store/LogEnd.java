package dev.eventstream.store;

import dev.eventstream.event.EventId;

/**
 * Where a channel's log ends.
 *
 * <p>Immutable.
 *
 * @param newest the position of the newest event; {@link EventId#NONE} if the channel has no log
 * @param isFinished whether the channel is finished, so that no event will follow
 */
public record LogEnd(EventId newest, boolean isFinished) {
    /** The end of the log of a channel that is not finished. */
    public static LogEnd open(EventId newest) {
        return new LogEnd(newest, false);
    }
}
