package dev.eventstream.subscriber;

import java.nio.ByteBuffer;

/**
 * Where the bytes of one stream go. Keeps what its client has not read yet, up to a limit; never blocks.
 *
 * <p>Thread-safe. It calls its {@link Listener} on any thread and holds no lock while it does.
 */
public interface StreamSink {

    /** Learns what becomes of a stream. Set before the first byte is offered. Thread-safe; never blocks and never throws. */
    interface Listener {
        /** Everything pending is written, and an offer was refused before. */
        void drained();

        /** The stream is over; comes once. */
        void closed(CloseReason cause);
    }

    /**
     * Takes bytes to be written after all that is pending, unless too much is pending already: a fixed limit, or the
     * {@linkplain MemoryBudget#streamShare() share} of one stream if that is less. A sink with nothing pending takes them
     * whatever their size.
     *
     * @param bytes shared with other streams. A sink that takes them retains them until they are written or discarded; one that
     *     refuses them does not
     * @return whether they were taken; if not because too much is pending, {@link Listener#drained()} follows
     */
    boolean offer(SharedBytes bytes);

    /**
     * Whether an offer would be taken now.
     *
     * @return if not because too much is pending, {@link Listener#drained()} follows
     */
    boolean canTake();

    /** Ends the stream in good order after what is pending and these last bytes, which are not counted as memory. */
    void end(ByteBuffer lastBytes, CloseReason cause);

    /** Ends the stream at once and discards what is pending, because its memory is needed. The client sees a broken connection. */
    void abort(CloseReason cause);

    /**
     * How long the client has read nothing of what is pending; 0 if nothing is pending.
     *
     * @param nowNanos of the ticker that the sink was made with
     */
    long waitingNanos(long nowNanos);

    /**
     * Looks after the stream once in a while: writes the keep-alive if it was silent for long enough, and aborts it if
     * its client has read nothing for too long. Never throws: a stream whose maintenance fails is aborted.
     *
     * @param nowNanos of the ticker that the sink was made with
     */
    void maintain(long nowNanos);
}
