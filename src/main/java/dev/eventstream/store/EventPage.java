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
     */
    record Range(List<Event> events, boolean hasMore) implements EventPage {
        public Range {
            events = List.copyOf(events);
        }
    }

    /**
     * The requested position was trimmed, or belongs to a log that does not exist.
     *
     * @param newest the position of the channel's newest event; {@link EventId#NONE} if it has no log
     */
    record PositionUnavailable(EventId newest) implements EventPage {}
}
