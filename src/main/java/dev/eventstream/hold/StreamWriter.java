package dev.eventstream.hold;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * Writes one buffer after another to a response without blocking; Jetty's IteratingCallback keeps writes from nesting on the
 * stack. After {@link #iterate()} it writes until its source has nothing left.
 *
 * <p>Thread-safe; at most one thread at a time works for it.
 */
final class StreamWriter extends IteratingCallback {
    private final Response response;
    private final Source source;

    /** Where the bytes come from. No lock is held during these calls, on any thread. */
    interface Source {
        /** What to write next; an empty buffer if nothing waits. */
        ByteBuffer nextWrite();

        /** The connection has taken the last write. */
        void written();

        /** Whether the stream ends here: nothing waits, and nothing will be added. */
        boolean isComplete();

        /** No further write follows, because the source is complete or has failed. */
        void ended();

        /** The last write has failed. */
        void clientGone(Throwable failure);

        /** A method of the source or of the response has thrown. Never throws. */
        void fail(Throwable failure);
    }

    StreamWriter(Response response, Source source) {
        super(false);
        this.response = response;
        this.source = source;
    }

    @Override
    protected Action process() {
        try {
            ByteBuffer next = source.nextWrite();
            if (!next.hasRemaining()) {
                return source.isComplete() ? Action.SUCCEEDED : Action.IDLE;
            }
            response.write(false, next, this);
            return Action.SCHEDULED;
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
