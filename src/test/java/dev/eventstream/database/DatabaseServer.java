package dev.eventstream.database;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.eventstream.logs.ServerLogs;
import dev.eventstream.network.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A private database server. Committed data survives {@link #kill}.
 *
 * <p>It also works as root. {@link #close} removes everything. If the JVM itself is killed, the process and its directory
 * remain.
 *
 * <p>Thread-safe.
 */
public abstract class DatabaseServer implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final Path directory;
    private final int port;
    private final AtomicInteger databases = new AtomicInteger();

    // guarded by this
    private @Nullable Process process;

    DatabaseServer(Path directory) throws IOException {
        this.directory = directory;
        this.port = FreePorts.next();
    }

    /** Creates its data directory. */
    abstract void install() throws IOException, InterruptedException;

    /** The command that runs it in the foreground. */
    abstract List<String> command() throws IOException;

    /** The signal that makes it stop cleanly and at once, even with open connections. */
    abstract String stopSignal();

    /** What a killed server leaves behind outside its directory; it is not running. */
    void removeRemains() throws IOException, InterruptedException {}

    /** The URL for the server's own driver. */
    public abstract String jdbcUrl(String database);

    /** A database that always exists. */
    abstract String ownDatabase();

    /** The user that owns every database. */
    public abstract String user();

    public String password() {
        return "";
    }

    public final int port() {
        return port;
    }

    final Path directory() {
        return directory;
    }

    final Path log() {
        return directory.resolve("server.log");
    }

    /** Creates an empty database with the server's defaults. The name consists of lower-case letters, digits and underscores. */
    public final void createDatabase(String name) throws SQLException {
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("a database called \"" + name + '"');
        }
        try (Connection connection = connect(ownDatabase());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
    }

    /** Creates an empty, unused database and returns its name. */
    public final String freshDatabase() {
        String name = "fresh_" + databases.incrementAndGet();
        try {
            createDatabase(name);
        } catch (SQLException e) {
            throw new AssertionError("the database cannot be made", e);
        }
        return name;
    }

    public final Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), user(), password());
    }

    /** Starts it on its existing data, unless it is running, and waits until it accepts connections. */
    public final synchronized void start() throws IOException {
        if (process != null) {
            return;
        }
        ServerLogs.add(getClass().getSimpleName(), log());
        Process started = new ProcessBuilder(command())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        process = started;
        try {
            awaitConnections(started);
        } catch (RuntimeException | Error e) {
            started.destroyForcibly();
            process = null;
            throw e;
        }
    }

    private void awaitConnections(Process started) {
        Awaitility.await("the database server, see " + log())
                .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> takesConnections(started));
    }

    private boolean takesConnections(Process started) throws IOException {
        if (!started.isAlive()) {
            throw new AssertionError("the server ended by itself:\n" + Files.readString(log(), StandardCharsets.UTF_8));
        }
        try (Connection connection = connect(ownDatabase())) {
            return connection.isValid(PATIENCE_SECONDS);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Stops it cleanly. */
    public final synchronized void stop() throws IOException, InterruptedException {
        if (process == null) {
            return;
        }
        if (process.isAlive()) {
            signal(stopSignal(), process);
        }
        if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process = null;
        } else {
            kill();
        }
    }

    /** Ends it as a power cut would: SIGKILL for all its processes. */
    public final synchronized void kill() throws IOException, InterruptedException {
        if (process == null) {
            return;
        }
        if (process.isAlive()) {
            // a suspended server forks no more children
            signal("STOP", process);
        }
        List<ProcessHandle> all =
                new ArrayList<>(process.toHandle().descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle one : all) {
            awaitEnd(one);
        }
        process = null;
    }

    private static void awaitEnd(ProcessHandle process) throws InterruptedException {
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("process " + process.pid() + " outlived SIGKILL", e);
        }
    }

    /** Starts it again on the same port and data, after {@link #stop} or {@link #kill}; stops it first if it is running. */
    public final synchronized void restart() throws IOException, InterruptedException {
        stop();
        start();
    }

    /** Stops it and deletes its data. */
    @Override
    public final synchronized void close() {
        try {
            stop();
            removeRemains();
            ServerLogs.end(log());
            MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
        } catch (IOException e) {
            throw new AssertionError("the database server cannot be removed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while the database server ended", e);
        }
    }

    static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        run(List.of("kill", "-" + name, Long.toString(process.pid())), ProcessBuilder.Redirect.DISCARD);
    }

    /** Runs a command to its end. */
    static void run(List<String> command, ProcessBuilder.Redirect output) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(String.join(" ", command) + " did not end");
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with status " + process.exitValue());
        }
    }

    /** Starts it for the first time. If that fails, nothing is left behind. */
    static <S extends DatabaseServer> S started(S server) throws IOException, InterruptedException {
        try {
            server.install();
            server.start();
            return server;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    static void closeWithJvm(DatabaseServer server) {
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "close " + server.jdbcUrl("")));
    }
}
