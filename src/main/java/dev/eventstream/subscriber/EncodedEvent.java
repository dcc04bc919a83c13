package dev.eventstream.subscriber;

import com.google.common.primitives.Bytes;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.EventType;
import dev.eventstream.stream.EventStreamEncoder;
import java.nio.charset.StandardCharsets;
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

    /** The text of its id, which is empty if it is not stored, and then its body. */
    private final byte[] text;

    private final int idLength;
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
        byte[] idText = event.isStored() ? id.toString().getBytes(StandardCharsets.ISO_8859_1) : new byte[0];
        this.text = Bytes.concat(idText, EventStreamEncoder.body(event));
        this.idLength = idText.length;
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

    /** Adds the text of its id. */
    void writeId(GrowingBytes out) {
        out.add(text, 0, idLength);
    }

    /** Adds everything but its id. */
    void writeBody(GrowingBytes out) {
        out.add(text, idLength, text.length);
    }

    /** Everything but its id. */
    byte[] body() {
        return idLength == 0 ? text : Arrays.copyOfRange(text, idLength, text.length);
    }

    /** The bytes that {@link #writeId} and {@link #writeBody} add. */
    int length() {
        return text.length;
    }

    /** Its size in memory, including the objects around it. */
    int footprint() {
        return text.length + MemoryBudget.EVENT_OVERHEAD;
    }

    /** Whether readers cannot tell the two apart. */
    boolean isSameAs(EncodedEvent other) {
        return Arrays.equals(text, other.text) && skipUsers.equals(other.skipUsers);
    }

    /** Whether that reader must not see it. */
    boolean isHiddenFrom(Reader reader) {
        return !skipUsers.isEmpty() && reader.user().filter(skipUsers::contains).isPresent();
    }
}
