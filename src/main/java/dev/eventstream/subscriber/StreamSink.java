package dev.eventstream.subscriber;

import java.nio.ByteBuffer;

/**
 * The destination of one stream's bytes. Keeps what its client has not read yet, up to a limit; never blocks.
 *
 * <p>Thread-safe. It calls its {@link Listener} on any thread and holds no lock while it does.
 */
public interface StreamSink {

    /** Receives reports about a stream. Must be set before the first offer. Thread-safe; never blocks and never throws. */
    interface Listener {
        /** Everything pending has been written after an offer was refused. */
        void drained();

        /** The stream has ended; called once. */
        void closed(CloseReason cause);
    }

    /**
     * Takes bytes to write after everything pending, unless too much is pending already: more than a fixed limit, or than the
     * {@linkplain MemoryBudget#streamShare() share} of one stream if that is less. A sink with nothing pending takes bytes of
     * any size.
     *
     * @param bytes shared with other streams. A sink that takes them retains them until they are written or discarded; one that
     *     refuses them does not
     * @return whether they were taken; if they were refused because too much is pending, {@link Listener#drained()} follows
     */
    boolean offer(SharedBytes bytes);

    /**
     * Whether an offer would be taken now.
     *
     * @return if not, and because too much is pending, {@link Listener#drained()} follows
     */
    boolean canTake();

    /** Bytes that were taken and that the client has not read yet. */
    long pendingBytes();

    /** Ends the stream in good order after everything pending and these last bytes, which do not count as memory. */
    void end(ByteBuffer lastBytes, CloseReason cause);

    /** Ends the stream at once and discards everything pending, because its memory is needed. The client sees a broken connection. */
    void abort(CloseReason cause);

    /**
     * How long the client has read nothing although bytes are pending; 0 if none are.
     *
     * @param nowNanos of the ticker that the sink was made with
     */
    long waitingNanos(long nowNanos);

    /**
     * Maintains the stream; must be called several times a second. Writes the keep-alive if the stream was silent for long enough,
     * and aborts the stream if its client has read nothing for too long. Never throws: a stream whose maintenance fails is aborted.
     *
     * @param nowNanos of the ticker that the sink was made with
     */
    void maintain(long nowNanos);
}
