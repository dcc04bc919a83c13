package dev.eventstream.subscriber;

import dev.eventstream.channel.Reader;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.EventType;
import dev.eventstream.stream.EventStreamEncoder;
import java.util.Arrays;
import java.util.Set;

/**
 * An event encoded once for all readers, except for the id line, which depends on the channels of a stream.
 *
 * <p>Immutable; the bytes are shared and must not be changed.
 */
final class EncodedEvent {
    private static final long NOT_TIMED = Long.MIN_VALUE;

    private final EventId id;
    private final EventType type;
    private final Set<String> skipUsers;
    private final boolean isEnd;
    private final byte[] body;
    private final long sentNanos;

    EncodedEvent(Event event) {
        this(event, NOT_TIMED);
    }

    /**
     * @param sentNanos when this node began to send it
     */
    EncodedEvent(Event event, long sentNanos) {
        this.id = event.id();
        this.type = event.type();
        this.skipUsers = event.skipUsers();
        this.isEnd = event.isEnd();
        this.body = EventStreamEncoder.body(event);
        this.sentNanos = sentNanos;
    }

    EventId id() {
        return id;
    }

    EventType type() {
        return type;
    }

    /** Users that must not see it; usually empty. */
    Set<String> skipUsers() {
        return skipUsers;
    }

    /** Whether it finishes its channel. */
    boolean isEnd() {
        return isEnd;
    }

    /** Whether this node has sent it, so that its delivery can be timed. */
    boolean isTimed() {
        return sentNanos != NOT_TIMED;
    }

    /** When this node began to send it, by the ticker; only if it is timed. */
    long sentNanos() {
        return sentNanos;
    }

    byte[] body() {
        return body;
    }

    int length() {
        return body.length;
    }

    /** Its size in memory, including the objects around it. */
    int footprint() {
        return body.length + MemoryBudget.EVENT_OVERHEAD;
    }

    /** Whether readers cannot tell the two apart. */
    boolean isSameAs(EncodedEvent other) {
        return Arrays.equals(body, other.body) && skipUsers.equals(other.skipUsers);
    }

    /** Whether that reader must not see it. */
    boolean isHiddenFrom(Reader reader) {
        return !skipUsers.isEmpty() && reader.user().filter(skipUsers::contains).isPresent();
    }
}
