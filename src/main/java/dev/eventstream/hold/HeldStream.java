package dev.eventstream.hold;

import com.google.common.util.concurrent.RateLimiter;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.subscriber.CloseReason;
import dev.eventstream.subscriber.MemoryBudget;
import dev.eventstream.subscriber.SharedBytes;
import dev.eventstream.subscriber.StreamSink;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream that this JVM holds: writes the bytes it is offered to the client, without blocking.
 *
 * <p>The stream refuses offers as {@link PendingBytes} prescribes, and calls the listener once the client has taken
 * everything. The first bytes count as pending, too.
 *
 * <p>Each write that completes counts as progress, so only a client that takes less than one write of
 * {@value PendingBytes#MAX_WRITE_BYTES} bytes per {@code stallTimeout} is cut off (decision 16).
 *
 * <p>If anything throws, including an {@link Error}, the stream is aborted and its client comes back: bytes may be missing, so
 * the stream must not stay open.
 *
 * <p>Thread-safe. The monitor guards the fields below and is held for a few instructions; no other lock is taken under it.
 */
final class HeldStream implements StreamSink, StreamWriter.Source {
    private static final Logger LOGGER = LoggerFactory.getLogger(HeldStream.class);
    /** Failures per second that are logged; an OutOfMemoryError may end thousands of streams at once. */
    private static final RateLimiter LOGGED = RateLimiter.create(1);

    private static final SharedBytes KEEP_ALIVE =
            SharedBytes.unmetered(EventStreamEncoder.encode(new StreamFrame.KeepAlive()));

    private final Callback exchange;
    private final long keepAliveNanos;
    private final long stallNanos;
    private final Consumer<HeldStream> removed;
    private final StreamWriter writer;
    private volatile Listener listener = new Nobody();

    // guarded by this
    private final PendingBytes pending;
    private @Nullable CloseReason ending;
    private boolean closed;

    /**
     * Nothing is written before {@link #start()}.
     *
     * @param exchange completed when the stream ends
     * @param firstBytes written before everything that is offered; retained here
     * @param memory limits what may be pending
     * @param removed called when the stream ends
     */
    HeldStream(
            StreamWriter.Output output,
            Callback exchange,
            SharedBytes firstBytes,
            MemoryBudget memory,
            HoldTimes times,
            Consumer<HeldStream> removed) {
        this.exchange = exchange;
        this.keepAliveNanos = times.randomSilence().toNanos();
        this.stallNanos = times.stallTimeout().toNanos();
        this.removed = removed;
        this.writer = new StreamWriter(output, this);
        this.pending = new PendingBytes(memory, times.ticker());
        pending.add(firstBytes);
    }

    /** Sets the listener. Must be called before the first offer. */
    void setListener(Listener listener) {
        this.listener = listener;
    }

    /** Begins to write. */
    void start() {
        writer.iterate();
    }

    // ---- what the fan-out offers

    @Override
    public boolean offer(SharedBytes bytes) {
        try {
            synchronized (this) {
                if (!isOpen() || pending.refuses()) {
                    return false;
                }
                pending.add(bytes);
            }
            writer.iterate();
            return true;
        } catch (Throwable e) { // the stream would lack these bytes
            fail(e);
            return false;
        }
    }

    @Override
    public synchronized boolean canTake() {
        return isOpen() && !pending.refuses();
    }

    /** {@inheritDoc} The first bytes count, too. */
    @Override
    public synchronized long pendingBytes() {
        return pending.count();
    }

    @Override
    public synchronized long waitingNanos(long nowNanos) {
        return pending.count() == 0 ? 0 : Math.max(0, pending.nanosWithoutProgress(nowNanos));
    }

    @Override
    public void maintain(long nowNanos) {
        try {
            boolean idle;
            long silentNanos;
            synchronized (this) {
                idle = pending.count() == 0;
                silentNanos = pending.nanosWithoutProgress(nowNanos);
            }
            if (idle && silentNanos > keepAliveNanos) {
                offer(KEEP_ALIVE);
            } else if (!idle && silentNanos > stallNanos) {
                stalled(CloseReason.STALLED, "the client took no bytes for longer than eventStream.stallTimeout");
            }
        } catch (Throwable e) { // the streams after this one must be maintained, too
            fail(e);
        }
    }

    private boolean isOpen() {
        return ending == null && !closed;
    }

    // ---- what the writer asks

    @Override
    public synchronized ByteBuffer nextWrite() {
        return pending.nextWrite();
    }

    @Override
    public synchronized ByteBuffer[] nextChunk() {
        return pending.nextChunk();
    }

    @Override
    public void written() {
        boolean drained;
        synchronized (this) {
            drained = pending.written();
        }
        if (drained) {
            listener.drained();
        }
    }

    @Override
    public synchronized boolean isComplete() {
        return ending != null && pending.count() == 0;
    }

    // ---- the end

    @Override
    public void end(ByteBuffer lastBytes, CloseReason reason) {
        try {
            synchronized (this) {
                if (!isOpen()) {
                    return;
                }
                ending = reason;
                byte[] copy = new byte[lastBytes.remaining()];
                lastBytes.duplicate().get(copy);
                pending.add(SharedBytes.unmetered(copy));
            }
            writer.iterate();
        } catch (Throwable e) { // the stream would stay open
            fail(e);
        }
    }

    @Override
    public void ended() {
        CloseReason reason;
        synchronized (this) {
            reason = ending;
        }
        if (reason != null) {
            close(reason, exchange::succeeded);
        }
    }

    @Override
    public void abort(CloseReason reason) {
        stalled(reason, "its memory was needed for other clients (eventStream.memory)");
    }

    /** Ends the stream because its connection is lost. */
    @Override
    public void clientGone(Throwable failure) {
        close(CloseReason.CLIENT_GONE, () -> exchange.failed(failure));
    }

    /** Aborts the stream because of a failure on our side. Never throws. */
    @Override
    public void fail(Throwable failure) {
        try {
            close(CloseReason.FAILED, () -> exchange.failed(failure));
            if (LOGGED.tryAcquire()) {
                LOGGER.error("A stream was ended by a failure; its client comes back", failure);
            }
        } catch (Throwable e) { // no memory to log with; the metric eventstream.streams.ended.failed counts the stream
            failure.addSuppressed(e);
        }
    }

    private void stalled(CloseReason reason, String message) {
        close(reason, () -> exchange.failed(new ClientStalledException(message)));
    }

    private void close(CloseReason reason, Runnable completion) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            pending.discard();
        }
        removed.accept(this);
        try {
            completion.run();
        } finally {
            listener.closed(reason);
        }
    }

    /** Listens until there is a subscription. */
    private static final class Nobody implements Listener {
        @Override
        public void drained() {}

        @Override
        public void closed(CloseReason reason) {}
    }
}
