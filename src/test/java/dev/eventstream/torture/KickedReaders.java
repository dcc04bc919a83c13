package dev.eventstream.torture;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Many streams of one user, on one thread, which note when they end. Confined to one thread. */
final class KickedReaders implements AutoCloseable {
    private static final long SELECT_MILLIS = 100;

    // Pushpin answers 502 if more than about 100 connections arrive at once
    private static final int AT_ONCE = 50;

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 14);
    private final List<Long> ends = new ArrayList<>();
    private int open;

    private static final class State {
        private final StringBuilder beginning = new StringBuilder();
        private boolean isOpen;
    }

    /**
     * Connects, and waits until all streams are open.
     *
     * @param ports the readers take turns with them
     */
    KickedReaders(List<Integer> ports, int readers, String channel, String user, Duration patience) throws IOException {
        try {
            long end = System.nanoTime() + patience.toNanos();
            for (int i = 0; i < readers; i++) {
                connect(ports.get(i % ports.size()), channel, user);
                while (i + 1 - open >= AT_ONCE || (i + 1 == readers && open < readers)) {
                    round();
                    if (!ends.isEmpty() || System.nanoTime() - end > 0) {
                        throw new IllegalStateException(
                                open + " of " + readers + " streams are open, and " + ends.size() + " have ended");
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void connect(int port, String channel, String user) throws IOException {
        SocketChannel socket = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        String request = "GET /events?channel=" + channel + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: Bearer token-of-" + user + "\r\n\r\n";
        socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        socket.configureBlocking(false);
        socket.register(selector, SelectionKey.OP_READ, new State());
    }

    private void round() throws IOException {
        selector.select(SELECT_MILLIS);
        for (SelectionKey key : selector.selectedKeys()) {
            read(key, (State) key.attachment());
        }
        selector.selectedKeys().clear();
    }

    private void read(SelectionKey key, State state) throws IOException {
        buffer.clear();
        SocketChannel socket = (SocketChannel) key.channel();
        if (socket.read(buffer) < 0) {
            end(key);
            return;
        }
        String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
        if (!state.isOpen) {
            state.beginning.append(text);
            requireStream(state.beginning.toString());
            state.isOpen = state.beginning.indexOf("event: stream-open") >= 0;
            open += state.isOpen ? 1 : 0;
        } else if (text.contains("\"condition\":\"forbidden\"")) {
            end(key);
        }
    }

    private static void requireStream(String beginning) {
        int end = beginning.indexOf("\r\n\r\n");
        if (end >= 0 && !beginning.startsWith("HTTP/1.1 200 ")) {
            throw new IllegalStateException(
                    "a stream was refused: " + beginning.lines().findFirst().orElseThrow() + ", "
                            + beginning.substring(end).strip());
        }
    }

    private void end(SelectionKey key) throws IOException {
        ends.add(System.nanoTime());
        key.channel().close();
    }

    /** When each stream ended, by {@link System#nanoTime}. */
    List<Long> awaitEnds(Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (ends.size() < open) {
            round();
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(
                        (open - ends.size()) + " of " + open + " readers were not disconnected");
            }
        }
        return ends;
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
