package dev.eventstream.event;

import dev.eventstream.channel.PlainText;
import java.util.List;

/**
 * What kind of event it is, as a browser's {@code addEventListener} names it: 1 to {@value #MAX_LENGTH} characters
 * without control characters, and none of the types that the stream keeps for itself.
 *
 * <p>Immutable.
 *
 * @param value such as {@code message}, EventSource's own default
 */
public record EventType(String value) {
    /** Longest type, in UTF-16 code units. */
    public static final int MAX_LENGTH = 255;

    private static final List<String> RESERVED = List.of("stream-open", "stream-reset", "stream-error", "keep-alive");

    /**
     * @throws IllegalArgumentException if the type is empty, too long, reserved, or has a control character or half a
     *     surrogate pair
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
        if (RESERVED.contains(value)) {
            throw new IllegalArgumentException(
                    "event type \"" + value + "\" is one of the stream's own; allowed are all but " + RESERVED);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
