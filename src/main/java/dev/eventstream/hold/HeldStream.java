package dev.eventstream.hold;

import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.subscriber.CloseReason;
import dev.eventstream.subscriber.MemoryBudget;
import dev.eventstream.subscriber.SharedBytes;
import dev.eventstream.subscriber.StreamSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.eclipse.jetty.io.QuietException;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * One stream that this JVM holds: writes to its client what it is offered, without blocking.
 *
 * <p>Overflow rule: while {@value #MAX_PENDING_BYTES} bytes or more are pending, an offer is refused, and the offerer is
 * told once the client has taken them all. What waits behind a write goes out as one.
 *
 * <p>Thread-safe. The monitor guards what is pending and is held for a few instructions; nothing is called under it.
 */
final class HeldStream implements StreamSink {
    /** Bytes that may be pending, beyond which nothing more is taken; one offer may exceed it. */
    static final int MAX_PENDING_BYTES = 256 << 10;

    private static final int MAX_WRITE_BYTES = 128 << 10;
    private static final SharedBytes KEEP_ALIVE =
            SharedBytes.unmetered(EventStreamEncoder.encode(new StreamFrame.KeepAlive()));

    private final Response response;
    private final Callback exchange;
    private final Listener listener;
    private final MemoryBudget memory;
    private final long keepAliveNanos;
    private final long stallNanos;
    private final Consumer<HeldStream> removed;
    private final Writer writer = new Writer();
    private final AtomicReference<@Nullable CloseReason> closed = new AtomicReference<>();

    // guarded by this
    private final Deque<SharedBytes> pending = new ArrayDeque<>(2);
    private int pendingBytes;
    private @Nullable SharedBytes writing;
    private int writingBytes;
    private boolean refused;
    private @Nullable CloseReason ending;
    private long progressNanos = System.nanoTime();

    HeldStream(
            Response response,
            Callback exchange,
            Listener listener,
            MemoryBudget memory,
            Duration keepAlive,
            Duration stallTimeout,
            Consumer<HeldStream> removed) {
        this.response = response;
        this.exchange = exchange;
        this.listener = listener;
        this.memory = memory;
        this.keepAliveNanos = keepAlive.toNanos();
        this.stallNanos = stallTimeout.toNanos();
        this.removed = removed;
    }

    @Override
    public boolean offer(SharedBytes bytes) {
        synchronized (this) {
            if (ending != null || closed.get() != null || isFull()) {
                return false;
            }
            enqueue(bytes);
        }
        writer.iterate();
        return true;
    }

    @Override
    public synchronized boolean canTake() {
        return ending == null && closed.get() == null && !isFull();
    }

    @Override
    public void end(ByteBuffer lastBytes, CloseReason cause) {
        synchronized (this) {
            if (ending != null || closed.get() != null) {
                return;
            }
            ending = cause;
            byte[] copy = new byte[lastBytes.remaining()];
            lastBytes.duplicate().get(copy);
            enqueue(SharedBytes.unmetered(copy));
        }
        writer.iterate();
    }

    @Override
    public void abort(CloseReason cause) {
        close(cause, new ClientStalledException());
    }

    @Override
    public synchronized long waitingNanos(long nowNanos) {
        return pendingBytes + writingBytes == 0 ? 0 : Math.max(0, nowNanos - progressNanos);
    }

    @Override
    public void maintain(long nowNanos) {
        boolean stalled;
        boolean silent;
        synchronized (this) {
            boolean idle = pendingBytes + writingBytes == 0;
            stalled = !idle && nowNanos - progressNanos > stallNanos;
            silent = idle && nowNanos - progressNanos > keepAliveNanos;
        }
        if (stalled) {
            close(CloseReason.STALLED, new ClientStalledException());
        } else if (silent) {
            offer(KEEP_ALIVE);
        }
    }

    /** The connection is of no use any more. */
    void clientGone(Throwable failure) {
        close(CloseReason.CLIENT_GONE, failure);
    }

    private void enqueue(SharedBytes bytes) {
        if (pendingBytes + writingBytes == 0) {
            progressNanos = System.nanoTime();
        }
        pending.addLast(bytes);
        bytes.retain();
        pendingBytes += bytes.length();
    }

    private boolean isFull() {
        int waiting = pendingBytes + writingBytes;
        boolean full = waiting >= MAX_PENDING_BYTES || (waiting > 0 && waiting >= memory.streamShare());
        refused |= full;
        return full;
    }

    private void close(CloseReason cause, @Nullable Throwable failure) {
        if (!closed.compareAndSet(null, cause)) {
            return;
        }
        removed.accept(this);
        synchronized (this) {
            pending.forEach(SharedBytes::release);
            pending.clear();
            pendingBytes = 0;
            releaseWritten();
        }
        if (failure == null) {
            exchange.succeeded();
        } else {
            exchange.failed(failure);
        }
        listener.closed(cause);
    }

    /** All that waits, as one buffer, up to a limit; null if nothing waits. */
    private synchronized @Nullable ByteBuffer nextWrite() {
        SharedBytes first = pending.poll();
        if (first == null) {
            return null;
        }
        SharedBytes next = pending.isEmpty() ? first : joined(first);
        pendingBytes -= next.length();
        writing = next;
        writingBytes = next.length();
        return next.buffer();
    }

    private SharedBytes joined(SharedBytes first) {
        int bytes = first.length();
        int buffers = 0;
        for (SharedBytes buffer : pending) {
            if (bytes + buffer.length() > MAX_WRITE_BYTES) {
                break;
            }
            bytes += buffer.length();
            buffers++;
        }
        if (buffers == 0) {
            return first;
        }
        ByteBuffer all = ByteBuffer.allocate(bytes).put(first.buffer());
        pending.stream().limit(buffers).forEach(buffer -> all.put(buffer.buffer()));
        SharedBytes joined = SharedBytes.reserve(all.array(), memory).orElse(null);
        if (joined == null) {
            return first;
        }
        first.release();
        for (; buffers > 0; buffers--) {
            pending.remove().release();
        }
        return joined;
    }

    private synchronized void releaseWritten() {
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
            progressNanos = System.nanoTime();
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

    /** Writes one buffer after the other; Jetty's IteratingCallback sees to it that a write never waits on the stack. */
    private final class Writer extends IteratingCallback {
        Writer() {
            super(false);
        }

        @Override
        protected Action process() {
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
            written();
        }

        @Override
        protected void onCompleteSuccess() {
            CloseReason cause = ending();
            if (cause != null) {
                HeldStream.this.close(cause, null);
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

    /** Ends the exchange of a client that takes nothing; Jetty does not log it. */
    private static final class ClientStalledException extends IOException implements QuietException {
        private static final long serialVersionUID = 1;

        ClientStalledException() {
            super("the client has taken nothing for too long");
        }
    }
}
