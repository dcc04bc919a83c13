package dev.eventstream.subscriber;

import java.nio.ByteBuffer;

/**
 * Where the bytes of one stream go. Keeps what its client has not taken yet, up to a limit; never blocks.
 *
 * <p>Thread-safe. It calls its {@link Listener} on any thread and holds no lock while it does.
 */
public interface StreamSink {

    /** Whom a sink tells what becomes of it. Set before the first byte is offered. */
    interface Listener {
        /** Everything pending is written, and an offer was refused before. */
        void drained();

        /** The stream is over; comes once. */
        void closed(CloseReason cause);
    }

    /**
     * Takes bytes to be written after all that is pending, unless too much is pending already.
     *
     * @param bytes shared with other streams; neither changed nor consumed
     * @return whether they were taken; if not because too much is pending, {@link Listener#drained()} follows
     */
    boolean offer(ByteBuffer bytes);

    /**
     * Whether an offer would be taken now.
     *
     * @return if not because too much is pending, {@link Listener#drained()} follows
     */
    boolean canTake();

    /**
     * Bytes that were taken and that the client's connection has not taken yet, the first answer included. A buffer that
     * several streams share counts in each of them.
     */
    long pendingBytes();

    /** Ends the stream in good order after what is pending and these last bytes. */
    void end(ByteBuffer lastBytes, CloseReason cause);

    /**
     * Looks after the stream once in a while: writes the keep-alive if it was silent for long enough, and aborts it if
     * its client has taken nothing for too long. Never throws: a stream whose maintenance fails is aborted.
     *
     * @param nowNanos of {@link System#nanoTime()}
     */
    void maintain(long nowNanos);
}
