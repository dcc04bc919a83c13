package dev.eventstream.benchmarks.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Forwards connections to a server and counts round trips: how often a client sends something after it has got an answer. It delays
 * every answer by {@value #DELAY_MILLIS} ms, so that requests that a driver sends without waiting count once.
 *
 * <p>Use it to count, not to measure time. Thread-safe.
 */
public final class Relay implements AutoCloseable {
    private static final int DELAY_MILLIS = 5;

    private final ServerSocket listener;
    private final int target;
    private final AtomicLong roundTrips = new AtomicLong();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    /**
     * @param target the port of the server, on this machine
     */
    public Relay(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon("relay", this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** How many round trips all connections have made. */
    public long roundTrips() {
        return roundTrips.get();
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket client = remember(listener.accept());
                Socket server = remember(new Socket(InetAddress.getLoopbackAddress(), target));
                AtomicBoolean isAnswered = new AtomicBoolean(true);
                daemon(
                        "relay-requests",
                        () -> forward(client, server, () -> {
                            if (isAnswered.getAndSet(false)) {
                                roundTrips.incrementAndGet();
                            }
                        }));
                daemon(
                        "relay-answers",
                        () -> forward(server, client, () -> {
                            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(DELAY_MILLIS));
                            isAnswered.set(true);
                        }));
            }
        } catch (IOException e) {
            closeAll();
        }
    }

    private Socket remember(Socket socket) throws IOException {
        sockets.add(socket);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void forward(Socket from, Socket to, Runnable beforeEach) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                beforeEach.run();
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // one side has closed the connection; the other is closed, too
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        closeAll();
    }

    private void closeAll() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException("the relay cannot be closed", e);
        }
    }
}
