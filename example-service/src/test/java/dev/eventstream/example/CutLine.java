package dev.eventstream.example;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A line to a port of this machine, which can be cut: all its connections break. Thread-safe. */
final class CutLine implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
    private final ServerSocket server;
    private final int target;

    CutLine(int target) throws IOException {
        this.target = target;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    String address(String path) {
        return "http://localhost:" + server.getLocalPort() + path;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                ends.add(near);
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                ends.add(far);
                threads.execute(() -> forward(near, far));
                threads.execute(() -> forward(far, near));
            } catch (IOException e) {
                cut(); // it is closed, or the service is down
            }
        }
    }

    private void forward(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one of both ends has closed the connection, or it was cut
        } finally {
            ends.remove(from);
        }
    }

    /** Breaks all connections. New ones are possible. */
    void cut() {
        for (Socket end : ends) {
            try {
                end.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        ends.clear();
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
        threads.shutdownNow();
    }
}
