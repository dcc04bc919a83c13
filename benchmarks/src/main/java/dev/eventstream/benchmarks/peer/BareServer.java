package dev.eventstream.benchmarks.peer;

import dev.eventstream.benchmarks.load.PublishRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Accepts {@code GET /events?channel=NAME} and {@code POST /publish?channel=NAME}, and understands only requests of this load generator:
 * each arrives in few reads and has a {@code Content-Length} if it has a body. {@code GET /flood?channel=NAME} gets events without end, as
 * fast as the client reads, which shows the limit of the load generator. Confined to its main thread.
 *
 * <p>While a reader has more than 32 KB to read, it reads no posts, so that nothing is lost.
 */
final class BareServer {
    private static final int MOST_PENDING = 1 << 15;
    private static final byte[] STREAM =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n:\n\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ACCEPTED =
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] FLOOD =
            ("data: " + PublishRequest.data(150) + "\n\n").repeat(400).getBytes(StandardCharsets.US_ASCII);

    private final Selector selector = Selector.open();
    private final Map<String, List<Connection>> channels = new HashMap<>();
    private final ByteBuffer event = ByteBuffer.allocateDirect(1 << 16);
    private int overfull;

    private BareServer() throws IOException {}

    /** Its argument is the port. It runs until it is killed. */
    public static void main(String[] arguments) throws IOException {
        new BareServer().serve(Integer.parseInt(arguments[0]));
    }

    private void serve(int port) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        while (true) {
            selector.select(this::ready);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept((ServerSocketChannel) key.channel());
            } else {
                Connection connection = (Connection) key.attachment();
                if (key.isWritable()) {
                    connection.writePending();
                }
                if (key.isValid() && key.isReadable() && overfull == 0) {
                    connection.read();
                }
            }
        } catch (IOException e) {
            key.cancel();
            close(key);
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept(ServerSocketChannel listener) throws IOException {
        SocketChannel channel = listener.accept();
        if (channel != null) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ).attach(new Connection(channel, selector));
        }
    }

    private void publish(String name, byte[] data, int from, int length) throws IOException {
        event.clear();
        event.put((byte) 'd')
                .put((byte) 'a')
                .put((byte) 't')
                .put((byte) 'a')
                .put((byte) ':')
                .put((byte) ' ');
        event.put(data, from, length).put((byte) '\n').put((byte) '\n');
        event.flip();
        int end = event.limit();
        for (Connection reader : channels.getOrDefault(name, List.of())) {
            event.position(0).limit(end);
            reader.write(event);
        }
    }

    /** A reader or a publisher. */
    private final class Connection {
        private final SocketChannel channel;
        private final Selector registered;
        private byte[] request = new byte[512];
        private int length;
        private boolean isFlooded;
        /** From 0 to its position: the bytes that are not written yet. */
        private ByteBuffer pending = ByteBuffer.allocate(0);

        Connection(SocketChannel channel, Selector registered) {
            this.channel = channel;
            this.registered = registered;
        }

        void read() throws IOException {
            if (isFlooded) {
                throw new IOException("the client has gone");
            }
            event.clear();
            int read = channel.read(event);
            if (read < 0) {
                throw new IOException("the client has gone");
            }
            event.flip();
            while (request.length < length + read) {
                request = Arrays.copyOf(request, request.length * 2);
            }
            event.get(request, length, read);
            length += read;
            int body = afterHead();
            if (body > 0) {
                answer(new String(request, 0, body, StandardCharsets.ISO_8859_1), body);
            }
        }

        private int afterHead() {
            for (int i = 3; i < length; i++) {
                if (request[i] == '\n' && request[i - 2] == '\n') {
                    return i + 1;
                }
            }
            return 0;
        }

        private void answer(String head, int body) throws IOException {
            String name = head.substring(head.indexOf('=') + 1, head.indexOf(" HTTP"));
            if (head.startsWith("GET /flood")) {
                isFlooded = true;
                length = 0;
                write(ByteBuffer.wrap(STREAM));
                channel.keyFor(registered).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
            if (head.startsWith("GET")) {
                channels.computeIfAbsent(name, any -> new ArrayList<>()).add(this);
                write(ByteBuffer.wrap(STREAM));
                length = 0;
                return;
            }
            int start = head.indexOf("Content-Length: ") + 16;
            int bodyLength = Integer.parseInt(head.substring(start, head.indexOf('\r', start)));
            if (length == body + bodyLength) {
                length = 0;
                publish(name, request, body, bodyLength);
                write(ByteBuffer.wrap(ACCEPTED));
            }
        }

        void write(ByteBuffer bytes) throws IOException {
            if (pending.position() == 0) {
                channel.write(bytes);
                if (!bytes.hasRemaining()) {
                    return;
                }
                channel.keyFor(registered).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
            if (pending.remaining() < bytes.remaining()) {
                pending = ByteBuffer.allocate(2 * (pending.position() + bytes.remaining()))
                        .put(pending.flip());
            }
            boolean wasOverfull = isOverfull();
            pending.put(bytes);
            overfull += !wasOverfull && isOverfull() ? 1 : 0;
        }

        void writePending() throws IOException {
            if (isFlooded) {
                flood();
                return;
            }
            boolean wasOverfull = isOverfull();
            channel.write(pending.flip());
            pending.compact();
            overfull -= wasOverfull && !isOverfull() ? 1 : 0;
            if (pending.position() == 0) {
                channel.keyFor(registered).interestOps(SelectionKey.OP_READ);
            }
        }

        private void flood() throws IOException {
            // begins where the last one ended, so that each event arrives in one piece
            ByteBuffer rest = ByteBuffer.wrap(FLOOD, length, FLOOD.length - length);
            channel.write(rest);
            length = rest.hasRemaining() ? rest.position() : 0;
        }

        private boolean isOverfull() {
            return pending.position() > MOST_PENDING;
        }
    }
}
