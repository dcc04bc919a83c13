package dev.eventstream.control.zmq;

import dev.eventstream.control.ControlException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * A ZeroMQ socket that connects to one address and knows whether it is connected. Heartbeats detect a silent connection. Nothing
 * is queued while there is no connection.
 *
 * <p>The socket is confined to the thread that made it; a thread of ZeroMQ's reports the state of the connection.
 */
final class ZmqConnection implements AutoCloseable {
    /** Messages that can wait in the socket: {@value}. */
    static final int HIGH_WATER_MARK = 1_000;

    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(3);

    // jeromq 0.6.0 leaves one or two of a hundred connections half open until this time has passed (its default is 30
    // s)
    private static final Duration HANDSHAKE = Duration.ofSeconds(1);
    private static final Duration RECONNECT = Duration.ofMillis(100);
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final ZContext context = new ZContext();
    private final ZMQ.Socket socket;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by the lock
    private boolean connected;
    private int connections;
    private int losses;

    // confined to the socket's thread
    private int seenLosses;

    ZmqConnection(SocketType type, URI address) {
        this.socket = context.createSocket(type);
        socket.setLinger((int) LINGER.toMillis());
        socket.setSndHWM(HIGH_WATER_MARK);
        socket.setSendTimeOut((int) SEND_TIMEOUT.toMillis());
        socket.setImmediate(false);
        socket.setHandshakeIvl((int) HANDSHAKE.toMillis());
        socket.setReconnectIVL((int) RECONNECT.toMillis());
        socket.setHeartbeatIvl((int) HEARTBEAT.toMillis());
        socket.setHeartbeatTimeout((int) HEARTBEAT_TIMEOUT.toMillis());
        socket.setEventHook(new Hook(), ZMQ.EVENT_HANDSHAKE_PROTOCOL | ZMQ.EVENT_DISCONNECTED);
        if (type == SocketType.XPUB) {
            socket.setXpubNoDrop(true);
        }
        socket.connect(address.toString());
    }

    ZMQ.Socket socket() {
        return socket;
    }

    /** Waits for a connection; returns its number, counted from 1. */
    int awaitConnected() throws ControlException, InterruptedException {
        lock.lockInterruptibly();
        try {
            long remaining = SEND_TIMEOUT.toNanos();
            while (!connected) {
                if (remaining <= 0) {
                    throw new ControlException(ControlException.Reason.UNAVAILABLE, "accepts no ZeroMQ connection");
                }
                remaining = changed.awaitNanos(remaining);
            }
            return connections;
        } finally {
            lock.unlock();
        }
    }

    boolean isConnected() {
        lock.lock();
        try {
            return connected;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the connection was lost since the last call. */
    boolean wasLost() {
        lock.lock();
        try {
            boolean lost = losses != seenLosses;
            seenLosses = losses;
            return lost;
        } finally {
            lock.unlock();
        }
    }

    /** Sends one part, within the time limit of a send. */
    void send(byte[] part, int flags) throws ControlException, InterruptedException {
        try {
            if (!socket.send(part, flags)) {
                throw new ControlException(
                        ControlException.Reason.UNAVAILABLE,
                        "accepts nothing more, with " + HIGH_WATER_MARK + " messages waiting");
            }
        } catch (ZMQException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("a send was interrupted");
            }
            throw new ControlException(ControlException.Reason.UNAVAILABLE, "cannot be sent to: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        // an interrupted thread would leave the context's own threads behind
        boolean interrupted = Thread.interrupted();
        try {
            context.close();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void changed(boolean isConnected) {
        lock.lock();
        try {
            if (isConnected) {
                connections++;
            } else if (connected) {
                losses++;
            }
            connected = isConnected;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class Hook implements ZEvent.ZEventConsummer {
        @Override
        public void consume(ZEvent event) {
            switch (event.getEvent()) {
                case HANDSHAKE_PROTOCOL -> changed(true);
                case DISCONNECTED -> changed(false);
                default -> {}
            }
        }
    }
}
