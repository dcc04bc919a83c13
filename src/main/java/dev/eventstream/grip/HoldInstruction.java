package dev.eventstream.grip;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.LastEventId;
import java.util.List;

/**
 * What a holder needs to carry on a stream whose first answer is complete.
 *
 * <p>Immutable.
 *
 * @param channels all channels of the stream, sorted by name; reliable ones have a place
 * @param place where the stream stands after the first answer
 * @param reader who reads it
 */
public record HoldInstruction(List<ChannelName> channels, LastEventId place, Reader reader) {
    public HoldInstruction {
        channels = channels.stream().sorted().distinct().toList();
    }
}
