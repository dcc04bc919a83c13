package dev.eventstream.stream;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.LastEventId;
import java.time.Duration;
import java.util.List;

/**
 * A frame that the stream itself sends, beside the events of the application. All are immutable.
 *
 * <p>{@code position} is always where the reader stands after the frame; it becomes the {@code id:} line, and there is none
 * if it is empty.
 */
public sealed interface StreamFrame {

    /**
     * The first frame of a connection. Its {@code id:} is where the stream starts, so that a client which is cut off
     * before its first event misses nothing.
     *
     * @param retry how long the client waits before it comes back; random per connection, whole milliseconds
     * @param keepAlive the longest silence to expect, whole seconds
     * @param position where the stream starts
     */
    record Open(Duration retry, Duration keepAlive, LastEventId position) implements StreamFrame {}

    /**
     * Moves the client's position without showing it anything, as after an event that skips this user. It is a keep-alive with an id:
     * EventSource does not report a line {@code id:} alone, so the next event without id would look as if the line belonged to it.
     */
    record Advance(LastEventId position) implements StreamFrame {}

    /** The position in these channels could not be honoured; the stream continues at {@code position}. */
    record Reset(List<ChannelName> channels, LastEventId position) implements StreamFrame {
        public Reset {
            channels = List.copyOf(channels);
        }
    }

    /** All channels of the stream are finished, and the reader has everything; the stream ends here. */
    record End(List<ChannelName> channels, LastEventId position) implements StreamFrame {
        public End {
            channels = List.copyOf(channels);
        }
    }

    /** Nothing has happened for a while. Has no {@code id:}. */
    record KeepAlive() implements StreamFrame {}

    /**
     * The stream ends here. Its {@code id:} is {@code error}, so that a client which comes back nevertheless gets an answer that
     * makes it stop.
     *
     * @param text for the developer who looks at the stream, never secret
     * @param channels the channels concerned; may be empty
     */
    record StreamError(Condition condition, String text, List<ChannelName> channels) implements StreamFrame {
        public StreamError {
            channels = List.copyOf(channels);
        }

        /** For a reader that lost the right to read a channel. */
        public static StreamError revoked(ChannelName channel) {
            return new StreamError(Condition.FORBIDDEN, "You may not read this channel any longer.", List.of(channel));
        }

        /** For a user whom the application disconnects. */
        public static StreamError disconnected(String reason) {
            return new StreamError(Condition.DISCONNECTED, reason, List.of());
        }
    }

    /**
     * The stream ends here for a reason that may be over soon. It has no {@code id:}, so that a client resumes from where it
     * was.
     *
     * @param retry how long the client waits before it comes back
     * @param text for the developer who looks at the stream, never secret
     */
    record TemporaryFailure(Condition condition, Duration retry, String text) implements StreamFrame {
        /** For a failure of the service. */
        public TemporaryFailure(Duration retry, String text) {
            this(Condition.INTERNAL_ERROR, retry, text);
        }

        /** For an open stream that the service cannot continue. */
        public static TemporaryFailure ofStream(Duration retry) {
            return new TemporaryFailure(retry, "The server could not continue this stream.");
        }
    }

    /**
     * The stream ends in good order, and its client comes back to where it was. The client gets no event.
     *
     * @param retry how long the client waits before it comes back
     */
    record ComeBack(Duration retry) implements StreamFrame {}

    /** Why a stream ends. */
    enum Condition {
        BAD_REQUEST("bad-request"),
        FORBIDDEN("forbidden"),
        DISCONNECTED("disconnected"),
        INTERNAL_ERROR("internal-error"),
        /** The node has no room now; the client comes back. */
        BUSY("busy"),
        /** This user or address has too many streams now; the client comes back. */
        TOO_MANY_STREAMS("too-many-streams");

        private final String wire;

        Condition(String wire) {
            this.wire = wire;
        }

        /** As clients read it. */
        public String wire() {
            return wire;
        }
    }
}
