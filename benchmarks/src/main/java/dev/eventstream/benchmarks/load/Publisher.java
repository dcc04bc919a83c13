package dev.eventstream.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection of {@link Publishers}, with one request at a time. Confined to their thread. */
final class Publisher implements AutoCloseable {
    private final InetSocketAddress address;
    private final Selector selector;
    private final HttpAnswer answer = new HttpAnswer();
    private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
    private ByteBuffer out = ByteBuffer.allocateDirect(1 << 12);
    private SocketChannel channel;
    private SelectionKey key;
    private long dueNanos;
    private int events;
    private boolean isEnding;

    Publisher(int port, Selector selector) throws IOException {
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.selector = selector;
        this.channel = SocketChannel.open(address);
        this.key = register();
    }

    private SelectionKey register() throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        return channel.register(selector, SelectionKey.OP_READ, this);
    }

    int status() {
        return answer.status();
    }

    /** The events of the last request. */
    int events() {
        return events;
    }

    /** When the last request was due. */
    long dueNanos() {
        return dueNanos;
    }

    /** Posts, on a new connection if the server closes the old one; the last request must be answered. */
    void post(PublishRequest request, long due) throws IOException {
        if (isEnding) {
            channel.close();
            channel = SocketChannel.open(address);
            key = register();
            isEnding = false;
        }
        if (out.capacity() < request.length()) {
            out = ByteBuffer.allocateDirect(request.length());
        }
        dueNanos = due;
        events = request.events();
        out.clear();
        request.writeTo(out, due);
        out.flip();
        write();
    }

    private void write() throws IOException {
        channel.write(out);
        key.interestOps(out.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /** Writes and reads what is possible; whether the answer to the last request is complete. */
    boolean isAnswered() throws IOException {
        if (isEnding) {
            key.cancel();
            return false;
        }
        if (out.hasRemaining()) {
            write();
        }
        in.clear();
        int length = channel.read(in);
        if (length < 0) {
            throw new IOException("closed by the server");
        }
        in.flip();
        boolean isAnswered = answer.read(in, HttpAnswer.Body.IGNORED);
        isEnding = isAnswered && answer.isLast();
        return isAnswered;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
