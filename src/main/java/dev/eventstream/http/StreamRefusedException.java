package dev.eventstream.http;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.stream.StreamFrame;
import java.util.List;

/** A stream that is refused, and the frame that its client gets. */
final class StreamRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient StreamFrame.StreamError frame;

    StreamRefusedException(StreamFrame.Condition condition, String text, List<ChannelName> channels) {
        super(text, null, false, false);
        this.frame = new StreamFrame.StreamError(condition, text, channels);
    }

    /** Whether the request is at fault, rather than its reader's rights. */
    boolean isBadRequest() {
        return frame.condition() == StreamFrame.Condition.BAD_REQUEST;
    }

    StreamFrame.StreamError frame() {
        return frame;
    }
}
