package dev.eventstream.benchmarks.database;

import dev.eventstream.benchmarks.peer.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** MariaDB from Debian's packages. It writes slow queries, and their plans, to a file if a connection asks for that. */
final class MariaDatabase extends LogDatabase {
    private static final List<Path> DIRECTORIES =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/usr/local/bin"));

    private static final String USER = "root";
    private static final String OWN = "eventstream";

    private final ServerProcess server;
    private final Path directory;
    private final int port;
    private final String database;

    private MariaDatabase(ServerProcess server, Path directory, int port, String database) {
        this.server = server;
        this.directory = directory;
        this.port = port;
        this.database = database;
    }

    static MariaDatabase startServer(Path directory) throws Exception {
        String data = "--datadir=" + directory.resolve("data");
        Programs.run(
                directory,
                asRootToo(
                        bin("mariadb-install-db"),
                        "--no-defaults",
                        data,
                        "--auth-root-authentication-method=normal",
                        "--skip-test-db"));
        int port = ServerProcess.freePort();
        ServerProcess server = ServerProcess.start(
                directory,
                asRootToo(
                        bin("mariadbd"),
                        "--no-defaults",
                        data,
                        "--port=" + port,
                        "--bind-address=127.0.0.1",
                        "--socket=" + directory.resolve("socket"),
                        "--pid-file=" + directory.resolve("pid"),
                        "--max-connections=200",
                        "--slow-query-log",
                        "--slow-query-log-file=" + slowQueries(directory),
                        "--long-query-time=3600"));
        MariaDatabase database = new MariaDatabase(server.awaitPort(port), directory, port, OWN);
        try {
            Programs.awaitConnections(database.address("mysql"), USER);
            create(database.address("mysql"), OWN);
            return database;
        } catch (SQLException | InterruptedException | RuntimeException | Error e) {
            database.close();
            throw e;
        }
    }

    private static Path slowQueries(Path directory) {
        return directory.resolve("slow.log");
    }

    private static void create(String url, String database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
    }

    private static List<String> asRootToo(String... command) throws IOException {
        List<String> whole = new ArrayList<>(List.of(command));
        if (Programs.isRoot()) {
            whole.add("--user=root");
        }
        return whole;
    }

    private static String bin(String program) {
        return DIRECTORIES.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no " + program + " in " + DIRECTORIES))
                .toString();
    }

    private String address(String name) {
        return "jdbc:mariadb://127.0.0.1:" + port + '/' + name;
    }

    @Override
    public String name() {
        return "mariadb";
    }

    @Override
    public String title() {
        return "MariaDB";
    }

    @Override
    public String url() {
        return address(database);
    }

    @Override
    public String url(String options) {
        return url() + '?' + options;
    }

    @Override
    public String user() {
        return USER;
    }

    @Override
    public Optional<Integer> port() {
        return Optional.of(port);
    }

    @Override
    public LogDatabase sibling(String other) throws Exception {
        create(url(), other);
        MariaDatabase sibling = new MariaDatabase(server, directory, port, other);
        sibling.migrate();
        return sibling;
    }

    @Override
    Path statementLog() {
        return slowQueries(directory);
    }

    /** InnoDB keeps the table and all its indexes in one file. */
    @Override
    public long bytes() {
        return directory
                .resolve("data/" + database + "/eventstream_event.ibd")
                .toFile()
                .length();
    }

    @Override
    public void close() {
        if (database.equals(OWN)) {
            server.close();
        }
    }
}
