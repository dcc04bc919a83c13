package dev.eventstream.grip;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.TypeFilter;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A proxy's next request for a stream that it holds or is about to hold: the channels, the reader, and the position if the proxy
 * does not know it.
 *
 * <p>Immutable.
 *
 * @param step the kind of answer
 * @param user the reader's name; null for an anonymous reader
 * @param stored the stored channels of the stream, sorted
 * @param unstored its other channels, sorted
 * @param types the types of events that the stream shows
 * @param position of the stream; empty for {@link Step#RECOVER}, because the proxy sends it
 * @param until when the stream ends, whole seconds; {@link #NEVER} if it does not
 */
public record NextLink(
        Step step,
        @Nullable String user,
        List<ChannelName> stored,
        List<ChannelName> unstored,
        TypeFilter types,
        LastEventId position,
        Instant until) {
    /** For a stream without an end. */
    public static final Instant NEVER = Instant.ofEpochSecond(9_999_999_999L);

    /** The next answer for a stream. */
    public enum Step {
        /** The stream is held: the proxy may have missed something, or the stream has been silent for a while. */
        RECOVER,
        /** The stream is not held yet, and it missed more than one answer can carry. */
        PAGE,
        /** The stream is not held yet, and has everything that it missed. */
        HOLD
    }

    public NextLink {
        stored = List.copyOf(new TreeSet<>(stored));
        unstored = List.copyOf(new TreeSet<>(unstored));
        position = step == Step.RECOVER ? LastEventId.EMPTY : position.onlyIn(stored);
        until = Instant.ofEpochSecond(Math.min(until.getEpochSecond(), NEVER.getEpochSecond()));
    }

    /** The link for a stream that is held, shows all types of events and has no end yet. */
    public static NextLink recover(
            @Nullable String user, Collection<ChannelName> stored, Collection<ChannelName> unstored) {
        return new NextLink(
                Step.RECOVER,
                user,
                List.copyOf(stored),
                List.copyOf(unstored),
                TypeFilter.ALL,
                LastEventId.EMPTY,
                NEVER);
    }

    /** The same stream with only some types of events. */
    public NextLink showing(TypeFilter some) {
        return new NextLink(step, user, stored, unstored, some, position, until);
    }

    /** The same stream with another end. */
    public NextLink until(Instant end) {
        return new NextLink(step, user, stored, unstored, types, position, end);
    }

    /** All channels of the stream, sorted. */
    public List<ChannelName> channels() {
        return Stream.concat(stored.stream(), unstored.stream()).sorted().toList();
    }

    /** The same stream with another step, from a position. */
    public NextLink then(Step next, LastEventId from) {
        return new NextLink(next, user, stored, unstored, types, from, until);
    }
}
