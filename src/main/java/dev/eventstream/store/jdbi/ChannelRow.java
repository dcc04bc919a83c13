package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;

/**
 * A row of {@code eventstream_channel}.
 *
 * <p>Immutable.
 *
 * @param newest the sequence of the newest event; 0 if there has been none
 * @param newestAt when the newest event was sent, in milliseconds since 1970
 * @param trimmedThrough events up to this sequence are trimmed
 * @param finishedAt when the channel was finished, in milliseconds since 1970; 0 if it is not finished
 */
record ChannelRow(
        long id, ChannelName name, String epoch, long newest, long newestAt, long trimmedThrough, long finishedAt) {
    boolean isFinished() {
        return finishedAt != 0;
    }

    /** The newest event that readers are shown: the one before the end of a finished channel. */
    long newestShown() {
        return isFinished() ? newest - 1 : newest;
    }

    /**
     * Whether the row includes room for this many events. A row that was created after the room was made does not, unless others
     * have appended as many events since; then inserting fails with a duplicate key, and the append starts again.
     */
    boolean hasRoom(int count) {
        return newest - count >= trimmedThrough;
    }

    /** The position of the event with that sequence; {@link EventId#NONE} for 0. */
    EventId position(long sequence) {
        return sequence == 0 ? EventId.NONE : new EventId(epoch, sequence);
    }

    EventId newestPosition() {
        return position(newest);
    }

    /** Whether the position belongs to this log, was not trimmed, and is not beyond the newest event. */
    boolean honours(EventId position) {
        return (position.isNone() || position.epoch().equals(epoch))
                && trimmedThrough <= position.sequence()
                && position.sequence() <= newest;
    }
}
