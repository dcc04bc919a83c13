package dev.eventstream.bus;

import dev.eventstream.logs.ServerLogs;
import dev.eventstream.network.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;

/** A private server for one bus, from Debian's packages, on a port that stays the same. Thread-safe. */
public final class BusServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port = FreePorts.next();
    private final List<String> command;
    private final Path log;

    // guarded by this
    private Process process;

    /**
     * Starts it.
     *
     * @param command returns the command line for a port
     */
    private BusServer(IntFunction<List<String>> command) throws IOException {
        this.command = command.apply(port);
        this.log = Files.createTempFile("eventstream-bus", ".log");
        log.toFile().deleteOnExit();
        ServerLogs.add(this.command.get(0), log);
        this.process = launch();
        awaitPort();
    }

    /** Redis without persistence. */
    public static BusServer redis() throws IOException {
        return new BusServer(port -> List.of(
                "redis-server",
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                System.getProperty("java.io.tmpdir")));
    }

    public static BusServer nats() throws IOException {
        return new BusServer(port -> List.of("nats-server", "-a", "127.0.0.1", "-p", Integer.toString(port)));
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private void awaitPort() {
        Awaitility.await(command.get(0) + " on port " + port)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        return socket.isConnected();
                    }
                });
    }

    public int port() {
        return port;
    }

    /** Kills it (SIGKILL). */
    public synchronized void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(command.get(0) + " survived SIGKILL");
        }
    }

    /** Starts it again after {@link #kill}. */
    public synchronized void start() throws IOException {
        process = launch();
        awaitPort();
    }

    @Override
    public synchronized void close() {
        process.destroyForcibly();
    }
}
