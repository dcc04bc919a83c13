package dev.eventstream;

import dev.eventstream.hold.HoldHandler;
import dev.eventstream.presence.ReaderPresence;
import dev.eventstream.stream.HoldInstruction;
import dev.eventstream.subscriber.CloseReason;
import dev.eventstream.subscriber.StreamSink;
import java.util.function.Function;

/**
 * Counts direct streams while they are open.
 *
 * <p>Thread-safe.
 */
final class CountedStreams implements HoldHandler.Subscriber {
    private final ReaderPresence presence;
    private final HoldHandler.Subscriber next;

    /** @param next continues the streams */
    CountedStreams(ReaderPresence presence, HoldHandler.Subscriber next) {
        this.presence = presence;
        this.next = next;
    }

    @Override
    public void subscribe(HoldInstruction instruction, Function<StreamSink.Listener, StreamSink> sink) {
        if (!presence.isTracked(instruction.channels())) {
            next.subscribe(instruction, sink);
            return;
        }
        Runnable leave = presence.enter(instruction.reader(), instruction.channels());
        try {
            next.subscribe(instruction, listener -> sink.apply(new Counted(listener, leave)));
        } catch (Throwable e) { // the stream ends without its listener
            leave.run();
            throw e;
        }
    }

    /** Passes on the reports about a stream. */
    private record Counted(StreamSink.Listener listener, Runnable leave) implements StreamSink.Listener {
        @Override
        public void drained() {
            listener.drained();
        }

        @Override
        public void closed(CloseReason cause) {
            leave.run();
            listener.closed(cause);
        }
    }
}
