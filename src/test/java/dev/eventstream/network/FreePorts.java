package dev.eventstream.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;

/**
 * Ports for servers that bind them later, perhaps in another process, and again after a restart.
 *
 * <p>They are below the ports that Linux assigns to clients (from 32768), so none of them is taken while its server is down. Other
 * JVMs that run tests do not give them away either. Each JVM owns whole blocks of ports, and shows that by listening on the first
 * port of a block until it ends.
 *
 * <p>Thread-safe.
 */
public final class FreePorts {
    private static final int LOWEST = 12_000;
    private static final int BLOCK_SIZE = 200;
    private static final int BLOCKS = 100;
    private static final int ATTEMPTS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    // guarded by the class
    private static final List<ServerSocket> OWNED_BLOCKS = new ArrayList<>();
    private static int next;
    private static int end;

    private FreePorts() {}

    /** A port that is free now, and that no other caller gets. */
    public static synchronized int next() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (next == end) {
                takeBlock();
            } else if (isFree(next++)) {
                return next - 1;
            }
        }
        throw new IllegalStateException(
                "found no free port from " + LOWEST + " to " + (LOWEST + BLOCKS * BLOCK_SIZE - 1));
    }

    /** Waits until a server accepts connections on a port of this machine. */
    public static void awaitListening(String server, int port) {
        Awaitility.await(server + " on port " + port)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        return socket.isConnected();
                    }
                });
    }

    private static void takeBlock() {
        int first = LOWEST + BLOCK_SIZE * ThreadLocalRandom.current().nextInt(BLOCKS);
        bind(first).ifPresent(socket -> {
            OWNED_BLOCKS.add(socket);
            next = first + 1;
            end = first + BLOCK_SIZE;
        });
    }

    private static boolean isFree(int port) {
        Optional<ServerSocket> bound = bind(port);
        bound.ifPresent(FreePorts::close);
        return bound.isPresent();
    }

    private static Optional<ServerSocket> bind(int port) {
        try {
            return Optional.of(new ServerSocket(port));
        } catch (BindException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
