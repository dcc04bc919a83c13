package dev.eventstream.subscriber;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all waiting bytes of this node may use together: recent events, pages of the log, batches, queued events, and
 * bytes that clients have not read yet. Each is counted once, however many streams share it, with the objects around it.
 *
 * <p>A limit per stream alone would not hold, because any number of streams can wait at once. So the share of one stream shrinks as
 * memory runs out (dynamic thresholds, Choudhury and Hahne 1998): it is a sixteenth of what is free beyond a quarter of the limit.
 * Streams whose clients read still get memory while any number of others do not read.
 *
 * <p>Thread-safe; never blocks.
 */
public final class MemoryBudget {
    /** What a recent event, page entry or queued event takes in addition to its body: the event, its id, arrays and list nodes. */
    static final int EVENT_OVERHEAD = 200;

    /** Largest piece that is composed at once, unless a single event is larger. */
    static final int MAX_CHUNK = 32 << 10;

    private static final int MIN_CHUNK = 1 << 10;
    private static final int STREAM_SHARE = 16;
    private static final int CHUNK_SHARE = 256;
    private static final int CACHE_SHARE = 8;

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    /**
     * @param limit in bytes, at least 1
     */
    public MemoryBudget(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("the memory budget is " + limit + " bytes; allowed is 1 or more");
        }
        this.limit = limit;
    }

    /** Bytes in use now. They may exceed the limit by what cannot be refused, such as one chunk per thread. */
    public long used() {
        return used.get();
    }

    public long limit() {
        return limit;
    }

    /** How many bytes may wait for one stream before it must refuse more. Shrinks as memory runs out. */
    public long streamShare() {
        return Math.max(0, free() - limit / 4) / STREAM_SHARE;
    }

    /** Whether there is room for streams that are behind. The last eighth is reserved for the others. */
    boolean hasRoom() {
        return free() > limit / 8;
    }

    /** How many bytes each of the two caches, recent events and pages, may use. */
    long cacheShare() {
        return limit / CACHE_SHARE;
    }

    /** How many bytes to compose at once. */
    int chunkBytes() {
        return (int) Math.max(MIN_CHUNK, Math.min(MAX_CHUNK, (free() - limit / 8) / CHUNK_SHARE));
    }

    /**
     * Reserves memory unless that would exceed the limit. A piece larger than an eighth of the limit may exceed it while less than half
     * is in use, so that the largest event gets through however small the limit is.
     */
    boolean tryReserve(long bytes) {
        long after = used.addAndGet(bytes);
        if (after <= limit || (bytes > limit / 8 && after - bytes < limit / 2)) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    /** Counts memory regardless of the limit. */
    void reserve(long bytes) {
        used.addAndGet(bytes);
    }

    /** Returns reserved memory. */
    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    private long free() {
        return Math.max(0, limit - used.get());
    }
}
