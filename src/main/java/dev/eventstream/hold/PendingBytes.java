package dev.eventstream.hold;

import com.google.common.base.Ticker;
import com.google.common.collect.Iterables;
import dev.eventstream.stream.HttpChunk;
import dev.eventstream.subscriber.MemoryBudget;
import dev.eventstream.subscriber.SharedBytes;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one stream that its client's connection has not taken yet: how many, since when, and how they leave.
 *
 * <p>Overflow rule: while {@value #MAX_BYTES} bytes or more are pending, or more than the share of one stream in the
 * {@link MemoryBudget}, the stream must not add any.
 *
 * <p>They leave in the order in which they were added, in writes of at most {@value #MAX_WRITE_BYTES} bytes, one at a time:
 * small buffers are joined, a large one is sliced but never copied.
 *
 * <p>Not thread-safe; guarded by its stream.
 */
final class PendingBytes {
    /** Pending bytes beyond which nothing is added; the last buffer before that may exceed it. */
    static final int MAX_BYTES = 256 << 10;

    /** Half of the send buffer. Writes of 16 KB cost a tenth of the speed of a catch-up (decision 16). */
    static final int MAX_WRITE_BYTES = SharedBytes.MAX_CHUNK_BYTES;

    private static final ByteBuffer[] NONE = {};

    private final MemoryBudget memory;
    private final Ticker ticker;
    private final Deque<SharedBytes> waiting = new ArrayDeque<>(2);
    /** Bytes of the first buffer that belong to earlier writes. */
    private int sliced;

    private int waitingBytes;
    private @Nullable SharedBytes writing;
    private int writingBytes;
    private boolean refused;
    private long progressNanos;

    /**
     * @param memory sets the share of the stream, and counts the copies of joined buffers
     */
    PendingBytes(MemoryBudget memory, Ticker ticker) {
        this.memory = memory;
        this.ticker = ticker;
        this.progressNanos = ticker.read();
    }

    /** How many bytes wait or are being written. */
    long count() {
        return (long) waitingBytes + writingBytes;
    }

    /** Whether nothing may be added now; if so, {@link #written()} reports when everything is written. */
    boolean refuses() {
        long pending = count();
        boolean full = pending >= MAX_BYTES || (pending > 0 && pending >= memory.streamShare());
        refused |= full;
        return full;
    }

    /** Time since the client last took a write or, if that is later, since bytes began to wait for it. */
    long nanosWithoutProgress(long nowNanos) {
        return nowNanos - progressNanos;
    }

    /** Adds bytes and retains them, whatever is pending. */
    void add(SharedBytes bytes) {
        if (bytes.length() == 0) {
            return;
        }
        if (count() == 0) {
            progressNanos = ticker.read();
        }
        waiting.addLast(bytes);
        bytes.retain();
        waitingBytes += bytes.length();
    }

    /** Begins the next write, once {@link #written()} has ended the one before; an empty buffer if nothing waits. */
    ByteBuffer nextWrite() {
        SharedBytes first = waiting.peek();
        if (first == null) {
            return BufferUtil.EMPTY_BUFFER;
        }
        ByteBuffer next = first.length() - sliced > MAX_WRITE_BYTES ? sliceOf(first) : joined(first);
        waitingBytes -= next.remaining();
        writingBytes = next.remaining();
        return next;
    }

    /** Begins the next write as {@link #nextWrite} does, as one {@link HttpChunk}; no buffers if nothing waits. */
    ByteBuffer[] nextChunk() {
        ByteBuffer next = nextWrite();
        if (!next.hasRemaining()) {
            return NONE;
        }
        return Optional.ofNullable(writing)
                .filter(whole -> whole.length() == next.remaining())
                .flatMap(SharedBytes::chunk)
                .map(chunk -> new ByteBuffer[] {chunk})
                .orElseGet(() ->
                        new ByteBuffer[] {ByteBuffer.wrap(HttpChunk.head(next.remaining())), next, HttpChunk.tail()});
    }

    /**
     * Ends the write: the connection has taken its bytes.
     *
     * @return whether nothing is pending any more and something was refused before
     */
    boolean written() {
        releaseWritten();
        progressNanos = ticker.read();
        boolean drained = refused && count() == 0;
        refused &= !drained;
        return drained;
    }

    /** Forgets everything, including a write that has not ended. */
    void discard() {
        waiting.forEach(SharedBytes::release);
        waiting.clear();
        waitingBytes = 0;
        refused = false;
        releaseWritten();
    }

    private void releaseWritten() {
        if (writing != null) {
            writing.release();
            writing = null;
        }
        writingBytes = 0;
    }

    /** The next part of a large buffer, which stays in the queue until its last part is taken. */
    private ByteBuffer sliceOf(SharedBytes first) {
        ByteBuffer slice = first.buffer().slice(sliced, MAX_WRITE_BYTES);
        sliced += MAX_WRITE_BYTES;
        return slice;
    }

    /** The rest of the first buffer, and those after it that fit into the same write. */
    private ByteBuffer joined(SharedBytes first) {
        int bytes = -sliced;
        int buffers = 0;
        for (SharedBytes buffer : waiting) {
            if (bytes + buffer.length() > MAX_WRITE_BYTES) {
                break;
            }
            bytes += buffer.length();
            buffers++;
        }
        SharedBytes copy = buffers == 1 ? null : copyOfFirst(buffers, bytes);
        if (copy == null) { // nothing to join, or no memory for it
            writing = waiting.remove();
            ByteBuffer rest = first.buffer().slice(sliced, first.length() - sliced);
            sliced = 0;
            return rest;
        }
        for (; buffers > 0; buffers--) {
            waiting.remove().release();
        }
        sliced = 0;
        writing = copy;
        return copy.buffer();
    }

    private @Nullable SharedBytes copyOfFirst(int buffers, int bytes) {
        ByteBuffer all = ByteBuffer.allocate(bytes);
        int skip = sliced;
        for (SharedBytes buffer : Iterables.limit(waiting, buffers)) {
            all.put(buffer.buffer().slice(skip, buffer.length() - skip));
            skip = 0;
        }
        return SharedBytes.reserve(all.array(), memory).orElse(null);
    }
}
