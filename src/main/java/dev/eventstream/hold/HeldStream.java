package dev.eventstream.hold;

import com.google.common.base.Ticker;
import com.google.common.collect.Iterables;
import com.google.common.util.concurrent.RateLimiter;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.subscriber.CloseReason;
import dev.eventstream.subscriber.MemoryBudget;
import dev.eventstream.subscriber.SharedBytes;
import dev.eventstream.subscriber.StreamSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream that this JVM holds: writes the bytes it is offered to the client, without blocking.
 *
 * <p>Overflow rule: while {@value #MAX_PENDING_BYTES} bytes or more are pending, or more than the share of one stream in the
 * {@link MemoryBudget}, an offer is refused, and the listener is called once the client has taken them all. The first bytes
 * count as pending, too.
 *
 * <p>Bytes leave in writes of at most {@value #MAX_WRITE_BYTES}: small buffers are joined, a large one is sliced but never
 * copied. Each write that completes counts as progress, so only a client that takes less than one write per
 * {@code stallTimeout} is cut off (decision 16).
 *
 * <p>If anything throws, an {@link Error} included, the stream is aborted and its client comes back: bytes may be missing, so
 * it must not stay open.
 *
 * <p>Thread-safe. The monitor guards what is pending and is held for a few instructions; nothing is called under it.
 */
final class HeldStream implements StreamSink {
    /** Bytes that may be pending, beyond which nothing more is taken; one offer may exceed it. */
    static final int MAX_PENDING_BYTES = 256 << 10;

    /** One TLS record, and one frame of HTTP/2. */
    static final int MAX_WRITE_BYTES = 16 << 10;

    private static final Logger LOGGER = LoggerFactory.getLogger(HeldStream.class);
    /** Failures per second that are logged; an OutOfMemoryError may end thousands of streams at once. */
    private static final RateLimiter LOGGED = RateLimiter.create(1);

    private static final SharedBytes KEEP_ALIVE =
            SharedBytes.unmetered(EventStreamEncoder.encode(new StreamFrame.KeepAlive()));

    private final Response response;
    private final Callback exchange;
    private final MemoryBudget memory;
    private final Ticker ticker;
    private final long keepAliveNanos;
    private final long stallNanos;
    private final Consumer<HeldStream> removed;
    private final Writer writer = new Writer();
    private final AtomicReference<@Nullable CloseReason> closed = new AtomicReference<>();
    private volatile Listener listener = new Nobody();

    // guarded by this
    private final Deque<SharedBytes> pending = new ArrayDeque<>(2);
    /** Bytes of the first of them that are written or being written. */
    private int sliced;

    private int pendingBytes;
    private @Nullable SharedBytes writing;
    private int writingBytes;
    private boolean refused;
    private @Nullable CloseReason ending;
    private long progressNanos;

    /**
     * Nothing is written before {@link #start()}.
     *
     * @param exchange completed when the stream ends
     * @param firstBytes written before everything that is offered; retained here
     * @param memory limits what may be pending
     * @param removed called when the stream ends
     */
    HeldStream(
            Response response,
            Callback exchange,
            SharedBytes firstBytes,
            MemoryBudget memory,
            HoldTimes times,
            Consumer<HeldStream> removed) {
        this.response = response;
        this.exchange = exchange;
        this.memory = memory;
        this.ticker = times.ticker();
        this.keepAliveNanos = times.randomSilence().toNanos();
        this.stallNanos = times.stallTimeout().toNanos();
        this.removed = removed;
        this.progressNanos = ticker.read();
        enqueue(firstBytes);
    }

    /** Sets the listener. Belongs before the first offer. */
    void setListener(Listener listener) {
        this.listener = listener;
    }

    /** Begins to write. */
    void start() {
        writer.iterate();
    }

    @Override
    public boolean offer(SharedBytes bytes) {
        try {
            synchronized (this) {
                if (!isOpen() || isFull()) {
                    return false;
                }
                enqueue(bytes);
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
        return isOpen() && !isFull();
    }

    /** Bytes that were taken and that the client's connection has not taken yet, the first answer included. */
    synchronized long pendingBytes() {
        return (long) pendingBytes + writingBytes;
    }

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
                enqueue(SharedBytes.unmetered(copy));
            }
            writer.iterate();
        } catch (Throwable e) { // the stream would stay open
            fail(e);
        }
    }

    @Override
    public void abort(CloseReason reason) {
        close(reason, new ClientStalledException("its memory was needed for other clients (eventStream.memory)"));
    }

    @Override
    public synchronized long waitingNanos(long nowNanos) {
        return pendingBytes() == 0 ? 0 : Math.max(0, nowNanos - progressNanos);
    }

    @Override
    public void maintain(long nowNanos) {
        try {
            boolean stalled;
            boolean silent;
            synchronized (this) {
                boolean idle = pendingBytes() == 0;
                stalled = !idle && nowNanos - progressNanos > stallNanos;
                silent = idle && nowNanos - progressNanos > keepAliveNanos;
            }
            if (stalled) {
                close(
                        CloseReason.STALLED,
                        new ClientStalledException(
                                "the client took no bytes for longer than eventStream.stallTimeout"));
            } else if (silent) {
                offer(KEEP_ALIVE);
            }
        } catch (Throwable e) { // the streams after this one must be maintained, too
            fail(e);
        }
    }

    /** Ends the stream because its connection is lost. */
    void clientGone(Throwable failure) {
        close(CloseReason.CLIENT_GONE, failure);
    }

    /** Aborts the stream because of a failure on our side. Never throws. */
    void fail(Throwable failure) {
        try {
            close(CloseReason.FAILED, failure);
            if (LOGGED.tryAcquire()) {
                LOGGER.error("A stream was ended by a failure; its client comes back", failure);
            }
        } catch (Throwable e) { // no memory to log with; the metric eventstream.streams.ended.failed counts the stream
            failure.addSuppressed(e);
        }
    }

    private boolean isOpen() {
        return ending == null && closed.get() == null;
    }

    private boolean isFull() {
        long waiting = pendingBytes();
        boolean full = waiting >= MAX_PENDING_BYTES || (waiting > 0 && waiting >= memory.streamShare());
        refused |= full;
        return full;
    }

    private void enqueue(SharedBytes bytes) {
        if (bytes.length() == 0) {
            return;
        }
        if (pendingBytes() == 0) {
            progressNanos = ticker.read();
        }
        pending.addLast(bytes);
        bytes.retain();
        pendingBytes += bytes.length();
    }

    private void close(CloseReason reason, @Nullable Throwable failure) {
        if (!closed.compareAndSet(null, reason)) {
            return;
        }
        removed.accept(this);
        synchronized (this) {
            pending.forEach(SharedBytes::release);
            pending.clear();
            pendingBytes = 0;
            releaseWritten();
        }
        try {
            complete(failure);
        } finally {
            listener.closed(reason);
        }
    }

    private void complete(@Nullable Throwable failure) {
        if (failure == null) {
            exchange.succeeded();
        } else {
            exchange.failed(failure);
        }
    }

    /** What is to be written next; null if nothing is pending. */
    private synchronized @Nullable ByteBuffer nextWrite() {
        SharedBytes first = pending.peek();
        if (first == null) {
            return null;
        }
        ByteBuffer next = first.length() - sliced > MAX_WRITE_BYTES ? sliceOf(first) : joined(first);
        pendingBytes -= next.remaining();
        writingBytes = next.remaining();
        return next;
    }

    /** The next part of a large buffer, which stays pending until its last part is taken. */
    private ByteBuffer sliceOf(SharedBytes first) {
        ByteBuffer slice = first.buffer().slice(sliced, MAX_WRITE_BYTES);
        sliced += MAX_WRITE_BYTES;
        return slice;
    }

    /** The rest of the first buffer, and those after it that fit into the same write. */
    private ByteBuffer joined(SharedBytes first) {
        int bytes = -sliced;
        int buffers = 0;
        for (SharedBytes buffer : pending) {
            if (bytes + buffer.length() > MAX_WRITE_BYTES) {
                break;
            }
            bytes += buffer.length();
            buffers++;
        }
        SharedBytes copy = buffers == 1 ? null : copyOfFirst(buffers, bytes);
        if (copy == null) { // nothing to join, or no memory for it
            writing = pending.remove();
            ByteBuffer rest = first.buffer().slice(sliced, first.length() - sliced);
            sliced = 0;
            return rest;
        }
        for (; buffers > 0; buffers--) {
            pending.remove().release();
        }
        sliced = 0;
        writing = copy;
        return copy.buffer();
    }

    private @Nullable SharedBytes copyOfFirst(int buffers, int bytes) {
        ByteBuffer all = ByteBuffer.allocate(bytes);
        int skip = sliced;
        for (SharedBytes buffer : Iterables.limit(pending, buffers)) {
            all.put(buffer.buffer().slice(skip, buffer.length() - skip));
            skip = 0;
        }
        return SharedBytes.reserve(all.array(), memory).orElse(null);
    }

    private void releaseWritten() {
        if (writing != null) {
            writing.release();
            writing = null;
        }
        writingBytes = 0;
    }

    private void written() {
        boolean drained;
        synchronized (this) {
            releaseWritten();
            progressNanos = ticker.read();
            drained = refused && pending.isEmpty();
            refused &= !drained;
        }
        if (drained) {
            listener.drained();
        }
    }

    private synchronized @Nullable CloseReason ending() {
        return ending;
    }

    /** Writes one buffer after the other; Jetty's IteratingCallback keeps writes from nesting on the stack. */
    private final class Writer extends IteratingCallback {
        Writer() {
            super(false);
        }

        @Override
        protected Action process() {
            try {
                return writeNext();
            } catch (Throwable e) {
                fail(e);
                return Action.SUCCEEDED;
            }
        }

        private Action writeNext() {
            if (closed.get() != null) {
                return Action.SUCCEEDED;
            }
            ByteBuffer next = nextWrite();
            if (next == null) {
                return ending() == null ? Action.IDLE : Action.SUCCEEDED;
            }
            response.write(false, next, this);
            return Action.SCHEDULED;
        }

        @Override
        protected void onSuccess() {
            try {
                written();
            } catch (Throwable e) { // Jetty would never call process() again
                fail(e);
            }
        }

        @Override
        protected void onCompleteSuccess() {
            CloseReason reason = ending();
            if (reason != null) {
                HeldStream.this.close(reason, null);
            }
        }

        @Override
        protected void onCompleteFailure(Throwable failure) {
            clientGone(failure);
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }

    /** Listens until there is a subscription. */
    private static final class Nobody implements Listener {
        @Override
        public void drained() {}

        @Override
        public void closed(CloseReason reason) {}
    }

    /** Ends the exchange of a client that takes too little; Jetty does not log it. */
    private static final class ClientStalledException extends IOException implements QuietException {
        private static final long serialVersionUID = 1;

        ClientStalledException(String message) {
            super(message);
        }
    }
}
