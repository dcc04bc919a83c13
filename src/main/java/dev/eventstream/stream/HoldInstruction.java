package dev.eventstream.stream;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.LastEventId;
import java.util.List;

/**
 * What a holder needs to continue a stream after its first answer. A GRIP proxy gets it as headers, this JVM as part of a
 * request attribute.
 *
 * <p>Immutable.
 *
 * @param channels all channels of the stream, sorted by name; stored ones have a position
 * @param position where the stream stands after the first answer
 * @param view what the stream shows, and to whom
 * @param admission when the reader was admitted, and for how long
 * @param origin where the stream comes from
 */
public record HoldInstruction(
        List<ChannelName> channels, LastEventId position, StreamView view, Admission admission, StreamOrigin origin) {
    public HoldInstruction {
        channels = channels.stream().sorted().distinct().toList();
    }

    /** For a stream that no client has requested from this node. */
    public HoldInstruction(List<ChannelName> channels, LastEventId position, StreamView view, Admission admission) {
        this(channels, position, view, admission, StreamOrigin.at(position));
    }

    /** As above, for a stream that shows all types of events. */
    public HoldInstruction(List<ChannelName> channels, LastEventId position, Reader reader, Admission admission) {
        this(channels, position, StreamView.of(reader), admission);
    }

    /** The reader of the stream. */
    public Reader reader() {
        return view.reader();
    }
}
