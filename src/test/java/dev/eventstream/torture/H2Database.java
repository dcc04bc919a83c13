package dev.eventstream.torture;

import dev.eventstream.network.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.h2.tools.Server;

/** H2 on a file, in a separate server JVM. Thread-safe. */
final class H2Database implements Database {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path directory;
    private final int port;

    // guarded by this
    private Process process;
    private boolean closed;

    H2Database(Path directory) throws IOException {
        this.directory = directory;
        this.port = FreePorts.next();
        this.process = launch();
        try {
            awaitConnections();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Process launch() throws IOException {
        List<String> command = List.of(
                Processes.java(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Server.class.getName(),
                "-tcp",
                "-tcpPort",
                Integer.toString(port),
                "-ifNotExists",
                "-baseDir",
                directory.toAbsolutePath().toString());
        return Processes.start(command, log());
    }

    private Path log() {
        return directory.resolve("database.log");
    }

    private void awaitConnections() {
        Awaitility.await("the H2 server; see " + log())
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                // a refused connection is one of its subclasses
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("the H2 server has ended; " + Processes.end(log()));
                    }
                    try (Connection connection = connect()) {
                        return connection.isValid(5);
                    }
                });
    }

    @Override
    public String driver() {
        return "org.h2.Driver";
    }

    @Override
    public String url(int throughPort) {
        return "jdbc:h2:tcp://localhost:" + throughPort
                + "/./events;WRITE_DELAY=0;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=5000;NETWORK_TIMEOUT=10000";
    }

    @Override
    public String user() {
        return "sa";
    }

    @Override
    public String password() {
        return "";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(port), user(), password());
    }

    @Override
    public synchronized void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the H2 server survived SIGKILL");
        }
    }

    @Override
    public synchronized void start() throws IOException {
        if (closed) {
            return;
        }
        process = launch();
        awaitConnections();
    }

    @Override
    public synchronized void close() {
        closed = true;
        process.destroyForcibly();
    }
}
