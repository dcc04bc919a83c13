package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.LastEventId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One reader's stream.
 *
 * <p>The mutable fields are confined to the fan-out thread, but for the position: while the stream catches up it belongs to
 * the catch-up task, which the fan-out thread starts and which reports back to it; there is never more than one.
 */
final class Subscription implements StreamSink.Listener {
    /** What the stream does. */
    enum State {
        /** A catch-up task is under way, or the stream is about to go live. */
        CATCHING_UP,
        /** Its client must take what is pending first. */
        DRAINING,
        /** In its cohort. */
        LIVE,
        /** Over. */
        ENDED
    }

    final Reader reader;
    final List<ChannelName> channels;
    final List<ChannelName> stored;
    private final LiveStreams streams;
    private @Nullable StreamSink sink;

    State state = State.CATCHING_UP;
    LastEventId position;
    int liveIndex;
    /** Channels that are not stored and of which it has missed events, of which its client is yet to be told. */
    final Set<ChannelName> lost = new LinkedHashSet<>();

    Subscription(
            LiveStreams streams,
            Reader reader,
            List<ChannelName> channels,
            List<ChannelName> stored,
            LastEventId position) {
        this.streams = streams;
        this.reader = reader;
        this.channels = channels;
        this.stored = stored;
        this.position = position;
    }

    void writeTo(StreamSink streamSink) {
        this.sink = streamSink;
    }

    StreamSink sink() {
        StreamSink streamSink = sink;
        if (streamSink == null) {
            throw new IllegalStateException("the stream has no sink yet");
        }
        return streamSink;
    }

    @Override
    public void drained() {
        streams.drained(this);
    }

    @Override
    public void closed(CloseReason cause) {
        streams.closed(this, cause);
    }
}
