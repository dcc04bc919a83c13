package dev.eventstream.store;

import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import java.util.List;

/** What {@link EventStore#readAfter} found. All are immutable. */
public sealed interface EventPage {

    /**
     * The events right after the position that was asked for, in order and without gaps.
     *
     * @param events empty if nothing follows
     * @param hasMore whether more may follow the last of them
     */
    record Range(List<Event> events, boolean hasMore) implements EventPage {
        public Range {
            events = List.copyOf(events);
        }
    }

    /**
     * The position that was asked for was trimmed, or is of a log that does not exist.
     *
     * @param newest where the channel stands now; {@link EventId#NONE} if it has no log
     */
    record PositionUnavailable(EventId newest) implements EventPage {}
}
