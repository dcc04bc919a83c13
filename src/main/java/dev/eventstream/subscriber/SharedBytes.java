package dev.eventstream.subscriber;

import dev.eventstream.stream.HttpChunk;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that one or more streams are about to write. They count against the {@link MemoryBudget} once, until the last holder
 * releases them. Each holder also counts, for the objects with which it queues them.
 *
 * <p>The creator is the first holder. A {@link StreamSink} that takes the bytes {@linkplain #retain() retains} them, and
 * {@linkplain #release() releases} them once they are written or discarded.
 *
 * <p>Thread-safe; the bytes never change.
 */
public final class SharedBytes {
    /** The longest bytes that streams get as a chunk. */
    public static final int MAX_CHUNK_BYTES = 32 << 10;

    /** This object, its array with the rest of its chunk, its buffers and its counter. */
    private static final int OVERHEAD = 192;

    /** A duplicate buffer and a slot in a queue. */
    private static final int HOLDER_OVERHEAD = 96;

    private final ByteBuffer bytes;
    private final @Nullable ByteBuffer chunk;
    private final @Nullable MemoryBudget memory;
    private final AtomicInteger holders = new AtomicInteger(1);

    private SharedBytes(byte[] bytes, @Nullable MemoryBudget memory) {
        if (bytes.length == 0 || bytes.length > MAX_CHUNK_BYTES) {
            this.bytes = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
            this.chunk = null;
        } else {
            this.chunk = ByteBuffer.wrap(HttpChunk.of(bytes)).asReadOnlyBuffer();
            this.bytes = HttpChunk.bytesOf(chunk, bytes.length);
        }
        this.memory = memory;
    }

    /** Bytes that are not counted: constants, and last frames that must get through when there is no memory. */
    public static SharedBytes unmetered(byte[] bytes) {
        return new SharedBytes(bytes, null);
    }

    /** Bytes that are counted; empty if the budget has no room for them. */
    public static Optional<SharedBytes> reserve(byte[] bytes, MemoryBudget memory) {
        return memory.tryReserve(OVERHEAD + (long) bytes.length)
                ? Optional.of(new SharedBytes(bytes, memory))
                : Optional.empty();
    }

    /** Bytes that are counted even if they exceed the budget. */
    public static SharedBytes unconditional(byte[] bytes, MemoryBudget memory) {
        memory.reserve(OVERHEAD + (long) bytes.length);
        return new SharedBytes(bytes, memory);
    }

    public int length() {
        return bytes.remaining();
    }

    /** The bytes, with a position that belongs to the caller. */
    public ByteBuffer buffer() {
        return bytes.duplicate();
    }

    /**
     * The bytes as one {@link HttpChunk}, with a position that belongs to the caller; empty if there are none, or more than
     * {@value #MAX_CHUNK_BYTES}.
     */
    public Optional<ByteBuffer> chunk() {
        return Optional.ofNullable(chunk).map(ByteBuffer::duplicate);
    }

    /** Adds a holder. */
    public void retain() {
        holders.incrementAndGet();
        if (memory != null) {
            memory.reserve(HOLDER_OVERHEAD);
        }
    }

    /**
     * Removes a holder, which must no longer use the bytes.
     *
     * @throws IllegalStateException if the last holder was removed before
     */
    public void release() {
        int left = holders.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("released more often than retained");
        }
        if (memory != null) {
            memory.release(left == 0 ? OVERHEAD + (long) bytes.remaining() : HOLDER_OVERHEAD);
        }
    }
}
