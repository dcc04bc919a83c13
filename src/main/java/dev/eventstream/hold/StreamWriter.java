package dev.eventstream.hold;

import java.nio.ByteBuffer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * Writes what a stream has, without blocking; Jetty's IteratingCallback keeps writes from nesting on the
 * stack. After {@link #iterate()} it writes until its source has nothing left.
 *
 * <p>Thread-safe; at most one thread at a time works for it.
 */
final class StreamWriter extends IteratingCallback {
    private final Output output;
    private final Source source;

    /** Where the bytes go. */
    interface Output {
        /**
         * Begins to write what the source has next.
         *
         * @param written called when the write has ended
         * @return false if the source has nothing, so nothing was begun
         */
        boolean writeNext(Source source, Callback written);
    }

    /** Where the bytes come from. No lock is held during these calls, on any thread. */
    interface Source {
        /** What to write next; an empty buffer if nothing waits. */
        ByteBuffer nextWrite();

        /** What to write next, as one chunk of HTTP/1.1; no buffers if nothing waits. */
        ByteBuffer[] nextChunk();

        /** The connection has taken the last write. */
        void written();

        /** Whether the stream ends here: nothing waits, and nothing will be added. */
        boolean isComplete();

        /** No further write follows, because the source is complete or has failed. */
        void ended();

        /** The last write has failed. */
        void clientGone(Throwable failure);

        /** A method of the source or of the output has thrown. Never throws. */
        void fail(Throwable failure);
    }

    StreamWriter(Output output, Source source) {
        super(false);
        this.output = output;
        this.source = source;
    }

    @Override
    protected Action process() {
        try {
            if (output.writeNext(source, this)) {
                return Action.SCHEDULED;
            }
            return source.isComplete() ? Action.SUCCEEDED : Action.IDLE;
        } catch (Throwable e) {
            source.fail(e);
            return Action.SUCCEEDED;
        }
    }

    @Override
    protected void onSuccess() {
        try {
            source.written();
        } catch (Throwable e) { // Jetty would never call process() again
            source.fail(e);
        }
    }

    @Override
    protected void onCompleteSuccess() {
        source.ended();
    }

    @Override
    protected void onCompleteFailure(Throwable failure) {
        source.clientGone(failure);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
