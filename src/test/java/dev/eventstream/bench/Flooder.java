package dev.eventstream.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One client that opens streams on random channels at a given rate, and keeps all that it gets. Confined to the thread that runs
 * it, except {@link #stop} and {@link #toString}.
 */
final class Flooder implements Runnable {
    private final InetSocketAddress service;
    private final String address;
    private final long pauseNanos;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 12);
    private volatile boolean stopping;

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    /** @param address which the client has, according to a trusted proxy */
    Flooder(int port, String address, int perSecond) throws IOException {
        this.service = new InetSocketAddress("localhost", port);
        this.address = address;
        this.pauseNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    void stop() {
        stopping = true;
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            long next = System.nanoTime();
            while (!stopping) {
                long now = System.nanoTime();
                for (; next <= now; next += pauseNanos) {
                    open();
                }
                selector.select(Math.max(1, (next - now) / 1_000_000));
                for (SelectionKey key : selector.selectedKeys()) {
                    attend(key);
                }
                selector.selectedKeys().clear();
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void open() throws IOException {
        SocketChannel socket = SocketChannel.open();
        socket.configureBlocking(false);
        asked.incrementAndGet();
        if (socket.connect(service)) {
            request(socket.register(selector, SelectionKey.OP_READ));
        } else {
            socket.register(selector, SelectionKey.OP_CONNECT);
        }
    }

    private void attend(SelectionKey key) throws IOException {
        SocketChannel socket = (SocketChannel) key.channel();
        try {
            if (key.isConnectable()) {
                socket.finishConnect();
                request(key.interestOps(SelectionKey.OP_READ));
            } else {
                read(key, socket);
            }
        } catch (IOException e) {
            failed.incrementAndGet();
            socket.close();
        }
    }

    private void request(SelectionKey key) throws IOException {
        String request = "GET /events?channel=" + UUID.randomUUID() + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Accept: text/event-stream\r\nX-Forwarded-For: " + address + "\r\n\r\n";
        ((SocketChannel) key.channel()).write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    }

    private void read(SelectionKey key, SocketChannel socket) throws IOException {
        buffer.clear();
        if (socket.read(buffer) < 0) {
            if (key.attachment() == null) {
                failed.incrementAndGet();
            } else {
                held.decrementAndGet();
            }
            socket.close();
            return;
        }
        String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
        if (text.contains("stream-error")) {
            refused.incrementAndGet();
            socket.close();
        } else if (text.contains("stream-open") && key.attachment() == null) {
            held.incrementAndGet();
            key.attach("held");
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d requests: %d held, %d refused, %d failed",
                asked.get(),
                held.get(),
                refused.get(),
                failed.get());
    }
}
