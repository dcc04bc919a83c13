package dev.eventstream.subscriber;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The end of a stream that this process reads itself, to see whether an event arrives: waits for a mark in its data, and keeps nothing.
 *
 * <p>Thread-safe.
 */
public final class MarkSink implements StreamSink, AutoCloseable {
    private final Listener listener;
    private final String mark;
    private final CountDownLatch isDecided = new CountDownLatch(1);
    private final AtomicReference<@Nullable CloseReason> closed = new AtomicReference<>();
    private volatile boolean hasArrived;

    /** @param mark text that appears in the data of one event only, unchanged by its encoding */
    MarkSink(Listener listener, String mark) {
        this.listener = listener;
        this.mark = mark;
    }

    /**
     * Waits for the mark.
     *
     * @throws IllegalStateException if the stream has ended without it
     * @throws TimeoutException if it does not arrive within the limit
     */
    public void await(Duration limit) throws InterruptedException, TimeoutException {
        if (!isDecided.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException("it did not arrive within " + limit.toMillis() + " ms");
        }
        CloseReason cause = closed.get();
        if (!hasArrived && cause != null) {
            throw new IllegalStateException("the stream ended: " + cause.label());
        }
    }

    @Override
    public boolean offer(SharedBytes bytes) {
        if (!canTake()) {
            return false;
        }
        if (UTF_8.decode(bytes.buffer()).toString().contains(mark)) {
            hasArrived = true;
            isDecided.countDown();
        }
        return true;
    }

    @Override
    public boolean canTake() {
        return closed.get() == null;
    }

    @Override
    public long pendingBytes() {
        return 0;
    }

    @Override
    public void end(ByteBuffer lastBytes, CloseReason cause) {
        close(cause);
    }

    @Override
    public void abort(CloseReason cause) {
        close(cause);
    }

    @Override
    public long waitingNanos(long nowNanos) {
        return 0;
    }

    @Override
    public void maintain(long nowNanos) {
        // nobody needs a keep-alive
    }

    /** Ends the stream. */
    @Override
    public void close() {
        close(CloseReason.CLIENT_GONE);
    }

    private void close(CloseReason cause) {
        if (closed.compareAndSet(null, cause)) {
            isDecided.countDown();
            listener.closed(cause);
        }
    }
}
