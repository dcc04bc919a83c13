package dev.eventstream.subscriber;

import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.stream.EventStreamEncoder;
import java.util.Set;

/**
 * An event ready for every reader: encoded once, all but the id line, which differs by the channels that a reader reads.
 *
 * <p>Immutable; the bytes are shared and must not be changed.
 */
final class EncodedEvent {
    private final EventId id;
    private final Set<String> skipUsers;
    private final byte[] body;

    EncodedEvent(Event event) {
        this.id = event.id();
        this.skipUsers = event.skipUsers();
        this.body = EventStreamEncoder.body(event);
    }

    EventId id() {
        return id;
    }

    /** Users who must not see it; most often empty. */
    Set<String> skipUsers() {
        return skipUsers;
    }

    byte[] body() {
        return body;
    }

    int length() {
        return body.length;
    }
}
