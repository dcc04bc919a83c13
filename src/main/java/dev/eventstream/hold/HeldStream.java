package dev.eventstream.hold;

import com.google.common.base.Ticker;
import com.google.common.util.concurrent.RateLimiter;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.subscriber.CloseReason;
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
 * <p>Overflow rule: while {@value #MAX_PENDING_BYTES} bytes or more are pending, an offer is refused, and the listener is
 * called once the client has taken them all. The first bytes count as pending, too.
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

    private static final ByteBuffer KEEP_ALIVE = ByteBuffer.wrap(EventStreamEncoder.encode(new StreamFrame.KeepAlive()))
            .asReadOnlyBuffer();

    private final Response response;
    private final Callback exchange;
    private final Ticker ticker;
    private final long keepAliveNanos;
    private final long stallNanos;
    private final Consumer<HeldStream> removed;
    private final Writer writer = new Writer();
    private final AtomicReference<@Nullable CloseReason> closed = new AtomicReference<>();
    private volatile Listener listener = new Nobody();

    // guarded by this
    private final Deque<ByteBuffer> pending = new ArrayDeque<>(2);
    private int pendingBytes;
    private int writingBytes;
    private boolean refused;
    private @Nullable CloseReason ending;
    private long progressNanos;

    /**
     * Nothing is written before {@link #start()}.
     *
     * @param exchange completed when the stream ends
     * @param firstBytes written before everything that is offered
     * @param removed called when the stream ends
     */
    HeldStream(
            Response response,
            Callback exchange,
            ByteBuffer firstBytes,
            HoldTimes times,
            Consumer<HeldStream> removed) {
        this.response = response;
        this.exchange = exchange;
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
    public boolean offer(ByteBuffer bytes) {
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

    @Override
    public synchronized long pendingBytes() {
        return (long) pendingBytes + writingBytes;
    }

    @Override
    public void end(ByteBuffer lastBytes, CloseReason reason) {
        try {
            synchronized (this) {
                if (ending != null) {
                    return;
                }
                ending = reason;
                enqueue(lastBytes);
            }
            writer.iterate();
        } catch (Throwable e) { // the stream would stay open
            fail(e);
        }
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
                close(CloseReason.STALLED, new ClientStalledException());
            } else if (silent) {
                offer(KEEP_ALIVE.duplicate());
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
        boolean full = pendingBytes() >= MAX_PENDING_BYTES;
        refused |= full;
        return full;
    }

    private void enqueue(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return;
        }
        if (pendingBytes() == 0) {
            progressNanos = ticker.read();
        }
        pending.addLast(bytes.duplicate());
        pendingBytes += bytes.remaining();
    }

    private void close(CloseReason reason, @Nullable Throwable failure) {
        if (!closed.compareAndSet(null, reason)) {
            return;
        }
        removed.accept(this);
        synchronized (this) {
            pending.clear();
            pendingBytes = 0;
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
        ByteBuffer first = pending.peek();
        if (first == null) {
            return null;
        }
        ByteBuffer next = first.remaining() > MAX_WRITE_BYTES ? sliceOf(first) : joined();
        pendingBytes -= next.remaining();
        writingBytes = next.remaining();
        return next;
    }

    private static ByteBuffer sliceOf(ByteBuffer buffer) {
        ByteBuffer slice = buffer.slice(buffer.position(), MAX_WRITE_BYTES);
        buffer.position(buffer.position() + MAX_WRITE_BYTES);
        return slice;
    }

    /** Removes the first buffer and those after it that fit into the same write. */
    private ByteBuffer joined() {
        int bytes = 0;
        int buffers = 0;
        for (ByteBuffer buffer : pending) {
            if (bytes + buffer.remaining() > MAX_WRITE_BYTES) {
                break;
            }
            bytes += buffer.remaining();
            buffers++;
        }
        if (buffers == 1) {
            return pending.remove();
        }
        ByteBuffer all = ByteBuffer.allocate(bytes);
        for (; buffers > 0; buffers--) {
            all.put(pending.remove());
        }
        return all.flip();
    }

    private void written() {
        boolean drained;
        synchronized (this) {
            writingBytes = 0;
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

    /** Ends the exchange of a client that takes nothing; Jetty does not log it. */
    private static final class ClientStalledException extends IOException implements QuietException {
        private static final long serialVersionUID = 1;

        ClientStalledException() {
            super("the client took no bytes for longer than eventStream.stallTimeout");
        }
    }
}
