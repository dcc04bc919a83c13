package dev.eventstream.subscriber;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client in memory that reads, or does not. Confined to the test's thread. */
final class TestSink implements StreamSink {
    private final Listener listener;
    private final MemoryBudget memory;
    private final StringBuilder received = new StringBuilder();
    private final List<SharedBytes> pending = new ArrayList<>();
    private boolean reads = true;
    private boolean refused;
    private int capacity = Integer.MAX_VALUE;
    private int offers;
    private long waitingNanos;
    private int maintained;
    private @Nullable CloseReason closed;
    private @Nullable Throwable thrown;

    TestSink(Listener listener, MemoryBudget memory) {
        this.listener = listener;
        this.memory = memory;
    }

    /** The client stops reading; this many offers are still taken. */
    void stopReading(int taken) {
        reads = false;
        capacity = taken;
    }

    /** The client reads again, starting with everything pending. */
    void read() {
        reads = true;
        capacity = Integer.MAX_VALUE;
        pending.forEach(this::write);
        pending.clear();
        if (refused) {
            refused = false;
            listener.drained();
        }
    }

    void waits(long nanos) {
        waitingNanos = nanos;
    }

    void throwOnOffer(Throwable failure) {
        thrown = failure;
    }

    void disconnect() {
        close(CloseReason.CLIENT_GONE);
    }

    String received() {
        return received.toString();
    }

    /** The data of the events that were received, in order. */
    List<String> data() {
        return received()
                .lines()
                .filter(line -> line.startsWith("data: ") && !line.startsWith("data: {"))
                .map(line -> line.substring("data: ".length()))
                .toList();
    }

    int offers() {
        return offers;
    }

    int maintained() {
        return maintained;
    }

    @Nullable
    CloseReason closed() {
        return closed;
    }

    @Override
    public boolean offer(SharedBytes bytes) {
        offers++;
        if (thrown instanceof Error error) {
            throw error;
        }
        if (closed != null || !canTake()) {
            return false;
        }
        bytes.retain();
        if (reads) {
            write(bytes);
        } else {
            pending.add(bytes);
        }
        return true;
    }

    @Override
    public boolean canTake() {
        refused |= isFull();
        return closed == null && !isFull();
    }

    private boolean isFull() {
        long waiting = pending.stream().mapToLong(SharedBytes::length).sum();
        return !reads && (pending.size() >= capacity || (waiting > 0 && waiting >= memory.streamShare()));
    }

    @Override
    public long pendingBytes() {
        return pending.stream().mapToLong(SharedBytes::length).sum();
    }

    @Override
    public void end(ByteBuffer lastBytes, CloseReason cause) {
        received.append(UTF_8.decode(lastBytes.duplicate()));
        close(cause);
    }

    @Override
    public void abort(CloseReason cause) {
        close(cause);
    }

    @Override
    public long waitingNanos(long nowNanos) {
        return pending.isEmpty() ? 0 : waitingNanos;
    }

    @Override
    public void maintain(long nowNanos) {
        maintained++;
    }

    private void write(SharedBytes bytes) {
        received.append(UTF_8.decode(bytes.buffer()));
        bytes.release();
    }

    private void close(CloseReason cause) {
        if (closed == null) {
            closed = cause;
            pending.forEach(SharedBytes::release);
            pending.clear();
            listener.closed(cause);
        }
    }
}
