package dev.eventstream.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * Thousands of readers of one shared channel on one thread. Each checks that it gets every event of that channel once and in
 * order, and comes back with its Last-Event-ID when its stream ends. It expects no events of other channels.
 *
 * <p>Start it on a thread; call the other methods from any thread.
 */
public final class ManyReaders implements Runnable, AutoCloseable {
    private static final Duration AWAY = Duration.ofMillis(500);
    /** The silence after which the bundle's browser client reconnects if keep-alives come every 20 s. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(50);

    private static final int RECEIVE_BUFFER = 16 << 10;

    private final int port;
    private final IntFunction<String> paths;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);

    // guarded by this
    private final List<ReaderState> readers = new ArrayList<>();
    private final Queue<Returning> away = new PriorityQueue<>(Comparator.comparingLong(Returning::dueNanos));
    private final List<Hole> resets = new ArrayList<>();
    private final List<Hole> lost = new ArrayList<>();
    private final List<Long> awayMillis = new ArrayList<>();
    private long returns;
    private long silences;
    private long watchedNanos = System.nanoTime();
    private boolean isLikeABrowser;
    private boolean closed;

    /**
     * @param channel the shared one; letters, digits and hyphens
     * @param paths the path for each reader, numbered from 0, without a position
     */
    public ManyReaders(int port, String channel, int streams, IntFunction<String> paths) throws IOException {
        this.port = port;
        this.paths = paths;
        for (int i = 0; i < streams; i++) {
            ReaderState reader = new ReaderState(i, channel);
            readers.add(reader);
            away.add(new Returning(reader, System.nanoTime()));
        }
    }

    /**
     * Lets readers behave as the bundle's browser client does: they come back when the service asks them to ({@code retry}) instead of
     * after half a second, and leave a connection that stays silent.
     */
    public synchronized ManyReaders likeBrowsers() {
        isLikeABrowser = true;
        return this;
    }

    private record Returning(ReaderState reader, long dueNanos) {}

    /** Events that a reader did not receive: those between two sequences, both exclusive. */
    public record Hole(int reader, String epoch, long after, long next) {}

    /**
     * The totals so far.
     *
     * @param open readers whose stream has begun
     * @param received events, without repeated ones
     * @param named missing events that a reset covers
     * @param lost missing events that no reset covers
     * @param repeated events that readers received again
     * @param resets resets that readers received
     * @param returns reconnects of readers whose stream had ended
     * @param silences streams that readers left because of their silence
     */
    public record Totals(
            int open,
            long received,
            long named,
            long lost,
            long repeated,
            long resets,
            long returns,
            long silences,
            String lastError) {}

    public synchronized Totals totals() {
        return new Totals(
                (int) readers.stream().filter(ReaderState::isOpen).count(),
                readers.stream().mapToLong(ReaderState::received).sum(),
                resets.stream().mapToLong(ManyReaders::size).sum(),
                lost.stream().mapToLong(ManyReaders::size).sum(),
                readers.stream().mapToLong(ReaderState::repeated).sum(),
                resets.size(),
                returns,
                silences,
                readers.stream()
                        .map(ReaderState::lastError)
                        .filter(error -> !error.isEmpty())
                        .findFirst()
                        .orElse(""));
    }

    private static long size(Hole hole) {
        return Math.max(0, hole.next() - hole.after() - 1);
    }

    public synchronized List<Hole> resets() {
        return List.copyOf(resets);
    }

    public synchronized List<Hole> lost() {
        return List.copyOf(lost);
    }

    /**
     * The numbers of the readers that have not reached an event. A reader counts as there if it was reset to another epoch, or
     * had received nothing and began with another one.
     */
    public synchronized List<Integer> behind(String epoch, long sequence) {
        return readers.stream()
                .filter(reader -> !reader.isAt(epoch, sequence))
                .map(ReaderState::number)
                .toList();
    }

    /** Cuts the connections of the readers with these numbers, from 0, at once. They come back half a second later. */
    public synchronized void cut(IntPredicate numbers) {
        List.copyOf(selector.keys()).stream()
                .filter(SelectionKey::isValid)
                .filter(key -> numbers.test(((ReaderState) key.attachment()).number()))
                .forEach(key -> disconnect(key, (ReaderState) key.attachment(), new IOException("the stream ended")));
    }

    /** For how long readers have been away, from the end of a stream to the beginning of the next, since the last call; sorted. */
    public synchronized List<Long> takeAwayMillis() {
        List<Long> sorted = awayMillis.stream().sorted().toList();
        awayMillis.clear();
        return sorted;
    }

    /**
     * Waits until all readers have a stream.
     *
     * @throws IllegalStateException if some do not have one within that time
     */
    public void awaitOpen(Duration longest) throws InterruptedException {
        long start = System.nanoTime();
        for (Totals now = totals(); now.open() < readers.size(); now = totals()) {
            if (System.nanoTime() - start > longest.toNanos()) {
                throw new IllegalStateException("not all readers have a stream: " + now);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /**
     * Waits until all readers have reached an event.
     *
     * @return false if some have not within that time
     */
    public boolean awaitEvent(String id, Duration longest) throws InterruptedException {
        int dash = id.lastIndexOf('-');
        String epoch = id.substring(0, dash);
        long sequence = Long.parseLong(id.substring(dash + 1));
        long start = System.nanoTime();
        while (!behind(epoch, sequence).isEmpty()) {
            if (System.nanoTime() - start > longest.toNanos()) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return true;
    }

    /** Stops the first readers from reading, until {@link #readAgain}. */
    public synchronized void stopReading(int streams) {
        readers.subList(0, streams).forEach(reader -> reader.setReading(false));
        selector.wakeup();
    }

    public synchronized void readAgain() {
        readers.forEach(reader -> reader.setReading(true));
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            while (round()) {
                selector.select(50);
            }
        } catch (ClosedSelectorException e) {
            // it is closed
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized boolean round() {
        if (closed) {
            return false;
        }
        Set<SelectionKey> ready = selector.selectedKeys();
        ready.forEach(this::read);
        ready.clear();
        while (!away.isEmpty() && System.nanoTime() - away.element().dueNanos() >= 0) {
            connect(away.remove().reader());
        }
        if (isLikeABrowser && System.nanoTime() - watchedNanos > TimeUnit.SECONDS.toNanos(1)) {
            watchedNanos = System.nanoTime();
            leaveSilentStreams();
        }
        return true;
    }

    private void leaveSilentStreams() {
        for (SelectionKey key : List.copyOf(selector.keys())) {
            ReaderState reader = (ReaderState) key.attachment();
            if (key.isValid() && reader.silentNanos() > LONGEST_SILENCE.toNanos()) {
                silences++;
                disconnect(key, reader, new IOException("the stream was silent"));
            }
        }
    }

    private void read(SelectionKey key) {
        if (!key.isValid()) { // cut since it was selected
            return;
        }
        ReaderState reader = (ReaderState) key.attachment();
        try {
            SocketChannel socket = (SocketChannel) key.channel();
            buffer.clear();
            int read = socket.read(buffer);
            if (read < 0) {
                throw new IOException("the stream ended");
            }
            boolean wasOpen = reader.isOpen();
            reader.take(buffer.array(), read, resets, lost);
            if (!wasOpen && reader.isOpen()) {
                reader.awayNanos().ifPresent(nanos -> awayMillis.add(TimeUnit.NANOSECONDS.toMillis(nanos)));
            }
        } catch (IOException | RuntimeException e) {
            disconnect(key, reader, e);
        }
    }

    private void disconnect(SelectionKey key, ReaderState reader, Exception reason) {
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException e) {
            // the connection is of no use anyway
        }
        goAway(reader, reason);
    }

    private void goAway(ReaderState reader, Exception reason) {
        returns++;
        reader.ended(reason);
        long pause = isLikeABrowser
                ? TimeUnit.MILLISECONDS.toNanos(reader.retryMillis().orElse(AWAY.toMillis()))
                : AWAY.toNanos();
        away.add(new Returning(reader, System.nanoTime() + pause));
    }

    private void connect(ReaderState reader) {
        try {
            SocketChannel socket = SocketChannel.open();
            socket.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            // with Connection: close the answer of a node is not chunked
            String request = "GET " + paths.apply(reader.number())
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + reader.lastEventIdHeader() + "\r\n";
            socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            socket.configureBlocking(false);
            reader.connected(socket.register(selector, SelectionKey.OP_READ, reader));
        } catch (IOException e) {
            goAway(reader, e);
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        }
        selector.close();
    }
}
