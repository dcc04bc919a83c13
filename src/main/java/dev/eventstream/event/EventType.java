package dev.eventstream.event;

import java.util.Set;

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

    private static final Set<String> RESERVED = Set.of("stream-open", "stream-reset", "stream-error", "keep-alive");

    /**
     * @throws IllegalArgumentException if the type is empty, too long, reserved, or has a control character or half a
     *     surrogate pair
     */
    public EventType {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "event type has " + value.length() + " characters; allowed are 1 to " + MAX_LENGTH);
        }
        if (value.codePoints()
                .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
            throw new IllegalArgumentException(
                    "event type has a control character or half a surrogate pair; any other Unicode is allowed");
        }
        if (RESERVED.contains(value)) {
            throw new IllegalArgumentException(
                    "event type \"" + value + "\" belongs to the stream itself; choose another than " + RESERVED);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
