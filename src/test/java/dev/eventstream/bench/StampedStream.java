package dev.eventstream.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One reader that notes when each event of {@link Readers#stamped} arrived. Thread-safe; it has one thread, which ends with it. */
final class StampedStream implements AutoCloseable {
    private static final String STAMP = "data: @";
    private static final int STAMP_DIGITS = 20;

    private final Socket socket;
    private final CountDownLatch open = new CountDownLatch(1);
    private final Map<Long, Long> arrivals = new ConcurrentHashMap<>();

    /** Connects, and waits until the stream is open. */
    StampedStream(int port, String channel) throws IOException, InterruptedException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        // with Connection: close the answer is not chunked
        socket.getOutputStream()
                .write(("GET /events?channel=" + channel + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        Thread thread = new Thread(this::read, "stamped-stream-" + port);
        thread.setDaemon(true);
        thread.start();
        if (!open.await(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("a stream does not open");
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(STAMP)) {
                    long stamp = Long.parseLong(line.substring(STAMP.length(), STAMP.length() + STAMP_DIGITS));
                    arrivals.put(stamp, System.nanoTime());
                } else if (line.equals("event: stream-open")) {
                    open.countDown();
                }
            }
        } catch (IOException e) {
            // it was closed
        }
    }

    /** When each event arrived, by its stamp; both are values of {@link System#nanoTime}. */
    Map<Long, Long> arrivals() {
        return arrivals;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
