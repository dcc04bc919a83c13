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
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** PgBouncer from Debian's packages, a pooler in front of one database of a PostgreSQL server. Thread-safe. */
public final class PgBouncer implements AutoCloseable {
    private static final String PROGRAM = "/usr/sbin/pgbouncer";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PostgresServer server;
    private final String database;
    private final int port = FreePorts.next();
    private final Path directory;
    private final Process process;

    /** For how long a client keeps its connection to the server. */
    public enum PoolMode {
        TRANSACTION,
        SESSION
    }

    private PgBouncer(PostgresServer server, String database, PoolMode mode) throws IOException {
        if (!Files.isExecutable(Path.of(PROGRAM))) {
            throw new IllegalStateException("there is no " + PROGRAM + "; ./verify installs what is missing");
        }
        this.server = server;
        this.database = database;
        this.directory = Files.createTempDirectory("eventstream-pgbouncer");
        Path settings = Files.writeString(directory.resolve("pgbouncer.ini"), settings(mode), StandardCharsets.UTF_8);
        PostgresServer.giveToUnprivileged(directory);
        Path log = directory.resolve("pgbouncer.log");
        ServerLogs.add("pgbouncer", log);
        this.process = new ProcessBuilder(PostgresServer.asUnprivileged(PROGRAM, settings.toString()))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** Starts it, and waits until it passes on connections. */
    public static PgBouncer start(PostgresServer server, String database, PoolMode mode) throws IOException {
        PgBouncer started = new PgBouncer(server, database, mode);
        try {
            started.awaitConnections();
            return started;
        } catch (RuntimeException | Error e) {
            started.close();
            throw e;
        }
    }

    private String settings(PoolMode mode) {
        return """
                [databases]
                DATABASE = host=127.0.0.1 port=SERVER_PORT dbname=DATABASE user=USER
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = PORT
                unix_socket_dir =
                auth_type = any
                pool_mode = MODE
                # the JDBC driver sends it
                ignore_startup_parameters = extra_float_digits
                """.replace("DATABASE", database)
                .replace("SERVER_PORT", Integer.toString(server.port()))
                .replace("PORT", Integer.toString(port))
                .replace("USER", server.user())
                .replace("MODE", mode.name().toLowerCase(Locale.ROOT));
    }

    private void awaitConnections() {
        Awaitility.await("PgBouncer; see " + directory.resolve("pgbouncer.log"))
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("PgBouncer has ended with status " + process.exitValue());
                    }
                    try (Connection connection =
                            DriverManager.getConnection(jdbcUrl(), server.user(), server.password())) {
                        return connection.isValid(5);
                    }
                });
    }

    public String jdbcUrl() {
        return server.jdbcUrl(database).replace(":" + server.port() + '/', ":" + port + '/');
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            boolean unused = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ServerLogs.end(directory.resolve("pgbouncer.log"));
        MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
}
