package dev.eventstream.admin.why;

import dev.eventstream.admin.page.Parameters;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.BadLastEventIdException;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which event, and which reader.
 *
 * <p>Immutable.
 *
 * @param event its position in the channel
 */
public record Question(ChannelName channel, EventId event, Who who) {
    /** The names of its parameters. */
    public static final List<String> PARAMETERS = List.of("event", "channel", "stream", "user");

    private static final String ALLOWED =
            "allowed is what a reader sees as the event's id, such as orders=k3f9x2-41, or k3f9x2-41 with the channel";

    /** The reader in question. All are immutable. */
    public sealed interface Who {
        /** An open stream of this node. */
        record OfStream(long number) implements Who {}

        /** A user, with any streams. */
        record User(String name) implements Who {}

        /** Readers who have not signed in. */
        record Anonymous() implements Who {}
    }

    /**
     * Reads a question: {@code event}, and perhaps {@code channel}; {@code stream} or {@code user}, or neither for a reader who has not
     * signed in.
     *
     * @throws IllegalArgumentException if the event is missing or ambiguous, or a parameter is malformed; the message says what is allowed
     */
    public static Question parse(Parameters parameters) {
        String id = parameters.required("event").strip();
        return parameters
                .channel("channel")
                .map(channel -> new Question(channel, idIn(channel, id), who(parameters)))
                .orElseGet(() -> withoutChannel(id, who(parameters)));
    }

    private static EventId idIn(ChannelName channel, String id) {
        if (!isOfStream(id)) {
            return EventId.parse(id);
        }
        LastEventId positions = positions(id);
        return positions
                .in(channel)
                .orElseThrow(() -> new IllegalArgumentException("event has no position in channel \"" + channel
                        + "\", but in " + names(positions.positions().keySet())));
    }

    private static Question withoutChannel(String id, Who who) {
        if (!isOfStream(id)) {
            throw new IllegalArgumentException(
                    "channel is missing, and the event's id does not contain it; " + ALLOWED);
        }
        LastEventId positions = positions(id);
        if (positions.positions().size() != 1) {
            throw new IllegalArgumentException("the event's id has positions in several channels; choose one of them as"
                    + " the channel: " + names(positions.positions().keySet()));
        }
        return new Question(
                positions.positions().firstKey(),
                positions.positions().firstEntry().getValue(),
                who);
    }

    private static LastEventId positions(String id) {
        try {
            return LastEventId.parse(id);
        } catch (BadLastEventIdException e) {
            throw new IllegalArgumentException(e.getMessage() + "; " + ALLOWED, e);
        }
    }

    private static boolean isOfStream(String id) {
        return id.indexOf('=') >= 0 || id.indexOf(':') >= 0;
    }

    private static String names(Collection<ChannelName> channels) {
        return channels.stream().limit(20).map(name -> "\"" + name + '"').collect(Collectors.joining(", "));
    }

    private static Who who(Parameters parameters) {
        if (parameters.text("stream").isPresent() && parameters.text("user").isPresent()) {
            throw new IllegalArgumentException("both stream and user are given; give one of them");
        }
        return parameters
                .number("stream")
                .<Who>map(Who.OfStream::new)
                .or(() -> parameters.user("user").map(Who.User::new))
                .orElseGet(Who.Anonymous::new);
    }
}
