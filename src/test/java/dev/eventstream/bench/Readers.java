package dev.eventstream.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Many readers of one channel, on one thread. An event's data begins with the nanosecond at which it was sent, so the reader
 * knows its latency.
 *
 * <p>Confined to the thread that runs it, except {@link #stop}, {@link #ended} and {@link #take}.
 */
final class Readers implements Runnable {
    private static final byte[] MARK = "\ndata: @".getBytes(StandardCharsets.US_ASCII);
    private static final int STAMP_DIGITS = 20;

    private final Selector selector = Selector.open();
    private final List<SelectionKey> keys = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean stopping;
    private long[] latencies = new long[1 << 20];
    private int count;

    Readers(int port, String channel, int streams) throws IOException {
        this(port, channel, streams, i -> "");
    }

    /**
     * @param headers header lines for the request of each stream, numbered from 0
     */
    Readers(int port, String channel, int streams, IntFunction<String> headers) throws IOException {
        for (int i = 0; i < streams; i++) {
            SocketChannel socket = SocketChannel.open();
            socket.setOption(StandardSocketOptions.SO_RCVBUF, 16 << 10);
            socket.connect(new InetSocketAddress("localhost", port));
            socket.write(ByteBuffer.wrap(
                    ("GET /events?channel=" + channel + " HTTP/1.1\r\nHost: localhost\r\n" + headers.apply(i) + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII)));
            socket.configureBlocking(false);
            keys.add(socket.register(selector, SelectionKey.OP_READ, new Stream()));
        }
    }

    /** How much of a mark or stamp one stream has read. */
    private static final class Stream {
        private int matched;
        private int digits = -1;
        private long stamp;
    }

    /** Stops the first streams from reading, from now on. */
    void stopReading(int streams) {
        keys.subList(0, streams).forEach(key -> key.interestOps(0));
        selector.wakeup();
    }

    /** How many streams have ended. */
    int ended() {
        return ended.get();
    }

    void stop() {
        stopping = true;
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            while (!stopping) {
                selector.select(100);
                for (SelectionKey key : selector.selectedKeys()) {
                    read(key);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read(SelectionKey key) throws IOException {
        buffer.clear();
        if (((SocketChannel) key.channel()).read(buffer) < 0) {
            key.cancel();
            ended.incrementAndGet();
            return;
        }
        long now = System.nanoTime();
        Stream stream = (Stream) key.attachment();
        byte[] bytes = buffer.array();
        for (int i = 0; i < buffer.position(); i++) {
            follow(stream, bytes[i], now);
        }
    }

    private void follow(Stream stream, byte b, long now) {
        if (stream.digits >= 0) {
            stream.stamp = stream.stamp * 10 + (b - '0');
            if (++stream.digits == STAMP_DIGITS) {
                stream.digits = -1;
                record(now - stream.stamp);
            }
        } else if (b == MARK[stream.matched]) {
            if (++stream.matched == MARK.length) {
                stream.matched = 0;
                stream.digits = 0;
                stream.stamp = 0;
            }
        } else {
            stream.matched = b == MARK[0] ? 1 : 0;
        }
    }

    private synchronized void record(long nanos) {
        if (count == latencies.length) {
            latencies = Arrays.copyOf(latencies, count * 2);
        }
        latencies[count++] = nanos;
    }

    /** The deliveries since the last call. */
    synchronized Received take() {
        long[] sorted = Arrays.copyOf(latencies, count);
        Arrays.sort(sorted);
        count = 0;
        return new Received(sorted);
    }

    /** The number of deliveries and their latencies, sorted. */
    record Received(long[] latencies) {
        int deliveries() {
            return latencies.length;
        }

        double milliseconds(double share) {
            return latencies.length == 0 ? Double.NaN : latencies[(int) ((latencies.length - 1) * share)] / 1e6;
        }
    }

    /** The data of an event sent now. */
    static String stamped(int characters) {
        return "@" + String.format(java.util.Locale.ROOT, "%0" + STAMP_DIGITS + "d", System.nanoTime())
                + "x".repeat(Math.max(0, characters - STAMP_DIGITS - 1));
    }
}
