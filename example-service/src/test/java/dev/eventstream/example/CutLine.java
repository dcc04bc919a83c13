package dev.eventstream.example;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A line to a service on a port of this machine. When it is cut, all its connections break. While the service is down,
 * it answers 502, as a reverse proxy does. Thread-safe.
 */
final class CutLine implements AutoCloseable {
    private static final String BAD_GATEWAY =
            "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    private static final int MAX_REQUEST = 64 * 1024;

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
                threads.execute(() -> connect(near));
            } catch (IOException e) {
                return; // it is closed
            }
        }
    }

    private void connect(Socket near) {
        try {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            ends.add(far);
            threads.execute(() -> forward(far, near));
            forward(near, far);
        } catch (IOException e) {
            refuse(near);
        }
    }

    private void refuse(Socket near) {
        try (near) {
            near.getInputStream()
                    .read(new byte[MAX_REQUEST]); // a request that is not read would turn the answer into a reset
            near.getOutputStream().write(BAD_GATEWAY.getBytes(US_ASCII));
        } catch (IOException e) {
            // the browser has left
        } finally {
            ends.remove(near);
        }
    }

    private void forward(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one of the ends has closed the connection, or it was cut
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
