package dev.eventstream.database;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** PostgreSQL from Debian's packages. If the JVM runs as root, it runs as the user {@code postgres}, because it refuses to run as root. */
public final class PostgresServer extends DatabaseServer {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final String UNPRIVILEGED_USER = "postgres";

    private final List<String> settings;

    private PostgresServer(List<String> settings) throws IOException {
        super(Files.createTempDirectory("eventstream-postgresql"));
        this.settings = List.copyOf(settings);
    }

    /**
     * Starts a new server for the caller alone.
     *
     * @param settings such as {@code shared_preload_libraries=pg_stat_statements}
     */
    public static PostgresServer startNew(String... settings) throws IOException, InterruptedException {
        return started(new PostgresServer(List.of(settings)));
    }

    /** The server that all suites of this JVM share; they must not stop it. */
    public static PostgresServer shared() {
        return Shared.SERVER;
    }

    @Override
    void install() throws IOException, InterruptedException {
        giveToUnprivileged(directory());
        run(
                asUnprivileged(
                        bin("initdb"),
                        "--pgdata=" + data(),
                        "--username=" + user(),
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--no-sync"),
                ProcessBuilder.Redirect.appendTo(log().toFile()));
    }

    @Override
    List<String> command() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                bin("postgres"),
                "-D",
                data().toString(),
                "-p",
                Integer.toString(port()),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                // in its directory, so that nothing remains in /dev/shm
                "-c",
                "dynamic_shared_memory_type=mmap"));
        settings.forEach(setting -> command.addAll(List.of("-c", setting)));
        return asUnprivileged(command.toArray(String[]::new));
    }

    private Path data() {
        return directory().resolve("data");
    }

    /** Lets the user that runs the server write in a directory. */
    static void giveToUnprivileged(Path directory) throws IOException {
        if (isRoot()) {
            Files.setOwner(
                    directory,
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(UNPRIVILEGED_USER));
        }
    }

    /** The command, run by a user that PostgreSQL's programs accept. */
    static List<String> asUnprivileged(String... command) throws IOException {
        List<String> whole = new ArrayList<>();
        if (isRoot()) {
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
                .max(Comparator.comparing(PostgresServer::version))
                .orElseThrow(() -> new IllegalStateException(
                        "there is no " + program + " in " + VERSIONS + "; ./verify installs what is missing"))
                .toString();
    }

    private static int version(Path program) {
        return Integer.parseInt(program.getName(VERSIONS.getNameCount()).toString());
    }

    // the kernel's lock on the data; the line is its key and its id
    @Override
    void removeRemains() throws IOException, InterruptedException {
        Path lock = data().resolve("postmaster.pid");
        if (Files.exists(lock)) {
            List<String> segment = Splitter.on(' ')
                    .omitEmptyStrings()
                    .splitToList(
                            Files.readAllLines(lock, StandardCharsets.UTF_8).get(6));
            run(List.of("ipcrm", "--shmem-id", segment.get(1)), ProcessBuilder.Redirect.DISCARD);
        }
    }

    @Override
    String stopSignal() {
        return "INT";
    }

    @Override
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + '/' + database;
    }

    @Override
    String ownDatabase() {
        return "postgres";
    }

    @Override
    public String user() {
        return "eventstream";
    }

    private static final class Shared {
        static final PostgresServer SERVER = startShared();

        private static PostgresServer startShared() {
            try {
                PostgresServer server = startNew();
                closeWithJvm(server);
                return server;
            } catch (IOException e) {
                throw new AssertionError("PostgreSQL cannot be started", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while PostgreSQL was started", e);
            }
        }
    }
}
