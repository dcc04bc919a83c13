package dev.eventstream.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * Thousands of readers on one thread. They count events and bytes and, on request, read the time in each event. They never reconnect: a
 * stream that ends is a failure, which the next call reports.
 *
 * <p>At most 100 connections wait for the head of their answer at the same time, so that no server's backlog overflows.
 */
public final class StreamReaders implements AutoCloseable {
    private static final int OPENING_AT_ONCE = 100;
    /** For all of them together. Otherwise, the kernel would give each of thousands of readers megabytes when they fall behind. */
    private static final int RECEIVE_BUFFERS = 1 << 28;

    private static final int LARGEST_RECEIVE_BUFFER = 1 << 20;
    private static final long LONGEST_DELAY_NANOS = TimeUnit.MINUTES.toNanos(10);

    private static final Duration LONGEST_GAP = Duration.ofSeconds(3);

    private final int port;
    private final List<String> requests;
    private final boolean readsTimes;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18).order(ByteOrder.nativeOrder());
    private final SingleWriterRecorder delays = new SingleWriterRecorder(LONGEST_DELAY_NANOS, 3);
    private final Thread thread = new Thread(this::readAll, "readers");
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private final AtomicReference<String> failure = new AtomicReference<>("");
    private volatile boolean isClosed;

    private StreamReaders(int port, List<String> requests, boolean readsTimes) throws IOException {
        this.port = port;
        this.requests = List.copyOf(requests);
        this.readsTimes = readsTimes;
    }

    /**
     * Opens streams, and returns when all of them are open.
     *
     * @param heads the request line and additional headers of each reader, each followed by a line feed
     * @param readsTimes whether to read the times, which costs the load generator several times as much as counting alone
     */
    public static StreamReaders open(int port, List<String> heads, boolean readsTimes)
            throws IOException, InterruptedException {
        StreamReaders readers = new StreamReaders(port, heads, readsTimes);
        try {
            readers.thread.start();
            readers.await("open streams", readers.open, heads.size(), Duration.ofMinutes(3));
        } catch (InterruptedException | RuntimeException e) {
            readers.close();
            throw e;
        }
        return readers;
    }

    /** The events that all of them have received so far. */
    public long events() {
        throwFailure();
        return events.get();
    }

    /** The bytes so far, with heads and framing. */
    public long bytes() {
        throwFailure();
        return bytes.get();
    }

    public int count() {
        return requests.size();
    }

    /** Waits until they have received a number of events since they opened; false if they have not within that time. */
    public boolean awaitEvents(long number, Duration longest) throws InterruptedException {
        long start = System.nanoTime();
        while (events() < number) {
            if (System.nanoTime() - start > longest.toNanos()) {
                return false;
            }
            TimeUnit.MICROSECONDS.sleep(100);
        }
        return true;
    }

    /** Waits until a number of events has arrived, or nothing for three seconds; returns how many have arrived since they opened. */
    public long awaitRest(long expected) throws InterruptedException {
        long before = -1;
        while (events() < expected && events() != before) {
            before = events();
            boolean unused = awaitEvents(expected, LONGEST_GAP);
        }
        return events();
    }

    /** The times between when events were due to be sent and their arrival, in nanoseconds, since the last call. */
    public Histogram takeDelays() {
        throwFailure();
        return delays.getIntervalHistogram();
    }

    /**
     * Reports a failure of the thread.
     *
     * @throws IllegalStateException if a stream was refused or has ended
     */
    private void throwFailure() {
        if (!failure.get().isEmpty()) {
            throw new IllegalStateException(failure.get());
        }
    }

    private void await(String what, AtomicLong value, long number, Duration longest) throws InterruptedException {
        long start = System.nanoTime();
        while (value.get() < number) {
            throwFailure();
            if (System.nanoTime() - start > longest.toNanos()) {
                throw new IllegalStateException(
                        "only " + value.get() + " of " + number + ' ' + what + " after " + longest);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private void readAll() {
        try {
            int started = 0;
            while (!isClosed) {
                while (started < requests.size() && started - open.get() < OPENING_AT_ONCE) {
                    connect(requests.get(started++));
                }
                selector.select(this::ready, 100);
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void connect(String head) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(
                StandardSocketOptions.SO_RCVBUF, Math.min(LARGEST_RECEIVE_BUFFER, RECEIVE_BUFFERS / requests.size()));
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        String request = head.replace("\n", "\r\n") + "Host: localhost\r\nAccept: text/event-stream\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new StreamReader(readsTimes));
    }

    private void ready(SelectionKey key) {
        try {
            buffer.clear();
            int length = ((SocketChannel) key.channel()).read(buffer);
            if (length < 0) {
                throw new IOException("a stream was closed");
            }
            buffer.flip();
            take((StreamReader) key.attachment());
            bytes.lazySet(bytes.get() + length);
        } catch (IOException e) {
            key.cancel();
            fail(e);
        }
    }

    private void take(StreamReader reader) throws IOException {
        boolean wasOpen = reader.isOpen();
        long now = System.nanoTime();
        int begun =
                reader.take(buffer, time -> delays.recordValue(Math.max(0, Math.min(LONGEST_DELAY_NANOS, now - time))));
        events.lazySet(events.get() + begun);
        if (reader.isOpen() && !wasOpen) {
            open.incrementAndGet();
        }
    }

    private void fail(Exception cause) {
        if (!isClosed) {
            failure.compareAndSet("", cause.toString());
        }
    }

    /** Closes all streams. */
    @Override
    public void close() throws IOException {
        isClosed = true;
        selector.wakeup();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
