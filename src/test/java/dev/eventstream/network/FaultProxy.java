package dev.eventstream.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Forwards TCP connections to a port of this machine, and cuts, holds or delays them on demand.
 *
 * <p>Bounded: {@value #MAX_CONNECTIONS} connections with {@value #BUFFER_BYTES} bytes each way; further ones are refused.
 *
 * <p>Thread-safe. Each connection has two threads, which end with {@link #close}.
 */
public final class FaultProxy implements AutoCloseable {
    static final int MAX_CONNECTIONS = 500;
    static final int BUFFER_BYTES = 8 << 10;

    private static final int CONNECT_MILLIS = 3_000;

    private final String name;
    private volatile int target;
    private final ServerSocket server;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private boolean held;
    private long delayMillis;
    private boolean closed;

    /**
     * @param target the port to which it forwards
     */
    public FaultProxy(String name, int target) throws IOException {
        this(name, 0, target);
    }

    /**
     * @param port the port on which it listens
     * @param target the port to which it forwards
     */
    public FaultProxy(String name, int port, int target) throws IOException {
        this.name = name;
        this.target = target;
        this.server = new ServerSocket(port, 256, InetAddress.getLoopbackAddress());
        start("accept", this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** How many connections it has cut. */
    public int cuts() {
        return cuts.get();
    }

    /** How many bytes it has forwarded, in both directions. */
    public long bytes() {
        return bytes.get();
    }

    /** Cuts all connections; data in transit ends in the middle. */
    public void cut() {
        for (Link link : links) {
            cuts.incrementAndGet();
            link.cut();
        }
    }

    /** Connects those who come from now on to another port. */
    public void leadTo(int port) {
        target = port;
    }

    /** Blocks both directions until {@link #release}. */
    public void hold() {
        set(true, 0);
    }

    /** Forwards everything late, piece by piece. */
    public void delay(long millis) {
        set(false, millis);
    }

    public void release() {
        set(false, 0);
    }

    private void set(boolean nowHeld, long nowDelayMillis) {
        lock.lock();
        try {
            held = nowHeld;
            delayMillis = nowDelayMillis;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket client = server.accept();
                if (links.size() >= MAX_CONNECTIONS) {
                    client.close();
                } else {
                    connect(client);
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server = new Socket();
        try {
            server.setReceiveBufferSize(BUFFER_BYTES);
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MILLIS);
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            client.setSendBufferSize(BUFFER_BYTES);
        } catch (IOException e) {
            client.setSoLinger(true, 0);
            client.close();
            server.close();
            return;
        }
        Link link = new Link(client, server);
        links.add(link);
        start("up", () -> link.pass(client, server));
        start("down", () -> link.pass(server, client));
    }

    private void start(String what, Runnable task) {
        Thread thread = new Thread(task, "proxy-" + name + '-' + what);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits while everything is held, and for the delay. */
    private void awaitPassage() throws IOException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(delayMillis);
            while (!closed && (held || left > 0)) {
                left = held ? Math.max(0, left) : changed.awaitNanos(left);
                if (held && !changed.await(1, TimeUnit.MINUTES)) {
                    throw new IOException("held for too long");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            held = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        server.close();
        List.copyOf(links).forEach(Link::cut);
    }

    private final class Link {
        private final List<Socket> sockets = new ArrayList<>();

        Link(Socket client, Socket server) {
            sockets.add(client);
            sockets.add(server);
        }

        void pass(Socket from, Socket to) {
            byte[] buffer = new byte[BUFFER_BYTES];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    awaitPassage();
                    out.write(buffer, 0, read);
                    bytes.addAndGet(read);
                }
                awaitPassage();
                to.shutdownOutput();
            } catch (IOException e) {
                cut();
            } finally {
                if (sockets.stream().allMatch(socket -> socket.isOutputShutdown() || socket.isClosed())) {
                    cut();
                }
            }
        }

        void cut() {
            links.remove(this);
            for (Socket socket : sockets) {
                try {
                    if (!socket.isClosed() && !socket.isOutputShutdown()) {
                        socket.setSoLinger(true, 0);
                    }
                    socket.close();
                } catch (IOException e) {
                    // it is gone
                }
            }
        }
    }
}
