package dev.eventstream.stream;

import dev.eventstream.event.LastEventId;
import java.util.List;

/**
 * Where a stream comes from, for operators who ask what has become of it.
 *
 * <p>Immutable.
 *
 * @param client the address of its client, as the limits count it
 * @param start where it started, before its first answer
 * @param resets the resets in its first answer
 */
public record StreamOrigin(String client, LastEventId start, List<PositionReset> resets) {
    private static final String UNKNOWN = "unknown";

    public StreamOrigin {
        resets = List.copyOf(resets);
    }

    /** For a stream that no client has requested from this node. */
    public static StreamOrigin at(LastEventId start) {
        return new StreamOrigin(UNKNOWN, start, List.of());
    }
}
