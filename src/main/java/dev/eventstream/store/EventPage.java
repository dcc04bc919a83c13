package dev.eventstream.store;

import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import java.util.List;

/** What {@link EventStore#readAfter} found. All implementations are immutable. */
public sealed interface EventPage {

    /**
     * The events right after the requested position, in order and without gaps.
     *
     * @param events empty if nothing follows
     * @param hasMore whether more events may follow
     * @param isFinished whether no event will follow, because the channel is finished; false if {@code hasMore}
     */
    record Range(List<Event> events, boolean hasMore, boolean isFinished) implements EventPage {
        public Range {
            events = List.copyOf(events);
        }

        /** A page of a channel that is not finished, or not read to its end. */
        public Range(List<Event> events, boolean hasMore) {
            this(events, hasMore, false);
        }
    }

    /**
     * The requested position was trimmed, or belongs to a log that does not exist.
     *
     * @param newest the position of the channel's newest event; {@link EventId#NONE} if it has no log
     * @param isFinished whether the channel is finished, so that no event will follow the newest
     */
    record PositionUnavailable(EventId newest, boolean isFinished) implements EventPage {
        /** In a channel that is not finished. */
        public PositionUnavailable(EventId newest) {
            this(newest, false);
        }
    }
}
