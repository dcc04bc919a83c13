package dev.eventstream.store.memory;

import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event in a log.
 *
 * <p>Immutable.
 *
 * @param key the event's idempotency key
 * @param sentAt never earlier than that of the event before it in the channel
 */
record Entry(Event event, @Nullable String key, Instant sentAt) {

    /** The same event in another log. */
    Entry at(EventId position) {
        Event moved = new Event(event.channel(), position, event.type(), event.data(), event.skipUsers());
        return new Entry(moved, key, sentAt);
    }

    /** The same event, sent at that time at the latest. */
    Entry sentBy(Instant latest) {
        return sentAt.isAfter(latest) ? new Entry(event, key, latest) : this;
    }
}
