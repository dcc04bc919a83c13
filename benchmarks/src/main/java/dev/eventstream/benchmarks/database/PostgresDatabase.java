package dev.eventstream.benchmarks.database;

import dev.eventstream.benchmarks.peer.ServerProcess;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** PostgreSQL from Debian's packages. If the JVM runs as root, it runs as the user {@code postgres}, because it refuses root. */
final class PostgresDatabase extends LogDatabase {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final String UNPRIVILEGED_USER = "postgres";
    private static final String OWN = "postgres";
    private static final String USER = "eventstream";
    private static final List<String> SETTINGS = List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            // in its directory, so that nothing remains in /dev/shm
            "dynamic_shared_memory_type=mmap");

    private final ServerProcess server;
    private final Path directory;
    private final int port;
    private final String database;

    private PostgresDatabase(ServerProcess server, Path directory, int port, String database) {
        this.server = server;
        this.directory = directory;
        this.port = port;
        this.database = database;
    }

    static PostgresDatabase startServer(Path directory) throws IOException, InterruptedException, SQLException {
        giveToUnprivileged(directory);
        String data = directory.resolve("data").toString();
        Programs.run(
                directory,
                asUnprivileged(
                        bin("initdb"),
                        "--pgdata=" + data,
                        "--username=" + USER,
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--locale=C"));
        int port = ServerProcess.freePort();
        List<String> command = new ArrayList<>(List.of(bin("postgres"), "-D", data, "-p", Integer.toString(port)));
        SETTINGS.forEach(setting -> command.addAll(List.of("-c", setting)));
        ServerProcess server = ServerProcess.start(directory, asUnprivileged(command.toArray(String[]::new)));
        PostgresDatabase database = new PostgresDatabase(server.awaitPort(port), directory, port, OWN);
        try {
            Programs.awaitConnections(database.url(), USER);
            return database;
        } catch (SQLException | InterruptedException | RuntimeException | Error e) {
            database.close();
            throw e;
        }
    }

    private static void giveToUnprivileged(Path directory) throws IOException {
        if (Programs.isRoot()) {
            // the directories above may be closed to other users
            Files.setPosixFilePermissions(directory.getParent(), PosixFilePermissions.fromString("rwx--x--x"));
            Files.setOwner(
                    directory,
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(UNPRIVILEGED_USER));
        }
    }

    private static List<String> asUnprivileged(String... command) throws IOException {
        List<String> whole = new ArrayList<>();
        if (Programs.isRoot()) {
            whole.addAll(List.of(
                    "setpriv", "--reuid=" + UNPRIVILEGED_USER, "--regid=" + UNPRIVILEGED_USER, "--init-groups", "--"));
        }
        whole.addAll(List.of(command));
        return whole;
    }

    private static String bin(String program) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(VERSIONS, "[0-9]*")) {
            versions.forEach(version -> found.add(version.resolve("bin").resolve(program)));
        }
        return found.stream()
                .filter(Files::isExecutable)
                .max(Comparator.comparing(PostgresDatabase::version))
                .orElseThrow(() -> new IllegalStateException("there is no " + program + " in " + VERSIONS))
                .toString();
    }

    private static int version(Path program) {
        return Integer.parseInt(program.getName(VERSIONS.getNameCount()).toString());
    }

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public String title() {
        return "PostgreSQL";
    }

    @Override
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + '/' + database;
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
        execute("CREATE DATABASE " + other);
        PostgresDatabase sibling = new PostgresDatabase(server, directory, port, other);
        sibling.migrate();
        return sibling;
    }

    @Override
    Path statementLog() {
        return directory.resolve("server.log");
    }

    @Override
    public long bytes() throws SQLException {
        return number("SELECT pg_total_relation_size('eventstream_event')");
    }

    @Override
    public void close() {
        if (database.equals(OWN)) {
            server.close();
        }
    }
}
