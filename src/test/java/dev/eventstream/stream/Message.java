package dev.eventstream.stream;

import com.google.common.primitives.Bytes;
import dev.eventstream.event.Event;
import dev.eventstream.event.LastEventId;

/**
 * An event of the application and the position after it, as one frame.
 *
 * @param position empty if the event has no id
 */
public record Message(Event event, LastEventId position) {
    /** The frame that a stream would send. */
    public byte[] bytes() {
        return Bytes.concat(EventStreamEncoder.id(position), EventStreamEncoder.body(event));
    }
}
