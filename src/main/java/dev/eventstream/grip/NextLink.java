package dev.eventstream.grip;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.LastEventId;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy asks for next, on behalf of a stream that it holds or is about to hold: which channels, for whom, and, where
 * the proxy does not know it itself, from which position.
 *
 * <p>Immutable.
 *
 * @param step what the answer is to be
 * @param user the reader's name; null for an anonymous reader
 * @param stored the stored channels of the stream, sorted
 * @param unstored its other channels, sorted
 * @param position where the stream stands; empty for {@link Step#RECOVER}, of which the proxy says where it stands
 */
public record NextLink(
        Step step, @Nullable String user, List<ChannelName> stored, List<ChannelName> unstored, LastEventId position) {

    /** What becomes of a stream next. */
    public enum Step {
        /** It is held: the proxy may have missed something, or has heard nothing for a while. */
        RECOVER,
        /** It is not held yet, and more was missed than one answer carries. */
        PAGE,
        /** It is not held yet, and has all that was missed. */
        HOLD
    }

    public NextLink {
        stored = List.copyOf(new TreeSet<>(stored));
        unstored = List.copyOf(new TreeSet<>(unstored));
        position = step == Step.RECOVER ? LastEventId.EMPTY : position.onlyIn(stored);
    }

    /** The link of a stream that is held. */
    public static NextLink recover(
            @Nullable String user, Collection<ChannelName> stored, Collection<ChannelName> unstored) {
        return new NextLink(Step.RECOVER, user, List.copyOf(stored), List.copyOf(unstored), LastEventId.EMPTY);
    }

    /** All channels of the stream, sorted. */
    public List<ChannelName> channels() {
        return Stream.concat(stored.stream(), unstored.stream()).sorted().toList();
    }

    /** The same stream with another step, from a position. */
    public NextLink then(Step next, LastEventId from) {
        return new NextLink(next, user, stored, unstored, from);
    }
}
