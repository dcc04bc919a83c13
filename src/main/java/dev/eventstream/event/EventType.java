package dev.eventstream.event;

import dev.eventstream.channel.PlainText;
import java.util.List;

/**
 * The kind of an event, as a browser's {@code addEventListener} names it: 1 to {@value #MAX_LENGTH} characters without control
 * characters.
 *
 * <p>Some types are reserved. {@code stream-open}, {@code stream-reset}, {@code stream-end}, {@code stream-error} and
 * {@code keep-alive} are sent by the stream itself. {@code open} and {@code error} are those that EventSource dispatches about its
 * connection: a page could not tell an event of the application from a lost connection.
 *
 * <p>Immutable.
 *
 * @param value such as {@code message}, EventSource's own default
 */
public record EventType(String value) {
    /** Longest type, in UTF-16 code units. */
    public static final int MAX_LENGTH = 255;

    private static final String STREAM_END = "stream-end";

    private static final List<String> RESERVED =
            List.of("stream-open", "stream-reset", STREAM_END, "stream-error", "keep-alive", "open", "error");

    /** The type of the event that finishes a channel: the only reserved type that a log contains. */
    public static final EventType END = new EventType(STREAM_END);

    /**
     * A type as a log contains it; see {@link #ofApplication} for one that an application chooses.
     *
     * @throws IllegalArgumentException if the type is empty, too long, reserved other than {@link #END}, or has a control character
     *     or half a surrogate pair
     */
    public EventType {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("event type " + PlainText.quote(value) + " has " + value.length()
                    + " characters; allowed are 1 to " + MAX_LENGTH);
        }
        if (!PlainText.isPlain(value)) {
            throw new IllegalArgumentException("event type " + PlainText.quote(value)
                    + " has a control character or half a surrogate pair; any other Unicode is allowed");
        }
        if (RESERVED.contains(value) && !value.equals(STREAM_END)) {
            throw reserved(value);
        }
    }

    /**
     * A type that an application chooses.
     *
     * @throws IllegalArgumentException if the type is empty, too long, reserved, or has a control character or half a
     *     surrogate pair
     */
    public static EventType ofApplication(String value) {
        if (value.equals(STREAM_END)) {
            throw reserved(value);
        }
        return new EventType(value);
    }

    private static IllegalArgumentException reserved(String value) {
        return new IllegalArgumentException("event type \"" + value
                + "\" is reserved for the stream or for EventSource itself; allowed are all but " + RESERVED);
    }

    @Override
    public String toString() {
        return value;
    }
}
