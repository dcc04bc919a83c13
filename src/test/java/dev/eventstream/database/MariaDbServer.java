package dev.eventstream.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** MariaDB from Debian's packages, with the server's defaults, such as latin1 text and REPEATABLE READ. */
public final class MariaDbServer extends DatabaseServer {
    private static final List<Path> DIRECTORIES =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/usr/local/bin"));

    private MariaDbServer() throws IOException {
        super(Files.createTempDirectory("eventstream-mariadb"));
    }

    /** Starts a new server for the caller alone. */
    public static MariaDbServer startNew() throws IOException, InterruptedException {
        return started(new MariaDbServer());
    }

    /** The server that all suites of this JVM share; they must not stop it. */
    public static MariaDbServer shared() {
        return Shared.SERVER;
    }

    @Override
    void install() throws IOException, InterruptedException {
        run(
                asRootToo(
                        bin("mariadb-install-db"),
                        "--no-defaults",
                        "--datadir=" + data(),
                        "--auth-root-authentication-method=normal",
                        "--skip-test-db"),
                ProcessBuilder.Redirect.appendTo(log().toFile()));
    }

    @Override
    List<String> command() throws IOException {
        return asRootToo(
                bin("mariadbd"),
                "--no-defaults",
                "--datadir=" + data(),
                "--port=" + port(),
                "--bind-address=127.0.0.1",
                "--socket=" + directory().resolve("socket"),
                "--pid-file=" + directory().resolve("pid"));
    }

    private static List<String> asRootToo(String... command) throws IOException {
        List<String> whole = new ArrayList<>(List.of(command));
        if (isRoot()) {
            whole.add("--user=root");
        }
        return whole;
    }

    private static String bin(String program) {
        return DIRECTORIES.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "there is no " + program + " in " + DIRECTORIES + "; ./verify installs what is missing"))
                .toString();
    }

    private Path data() {
        return directory().resolve("data");
    }

    @Override
    String stopSignal() {
        return "TERM";
    }

    @Override
    public String jdbcUrl(String database) {
        return "jdbc:mariadb://127.0.0.1:" + port() + '/' + database;
    }

    /** The URL for MySQL's driver. */
    public String mysqlUrl(String database) {
        return "jdbc:mysql://127.0.0.1:" + port() + '/' + database;
    }

    @Override
    String ownDatabase() {
        return "mysql";
    }

    @Override
    public String user() {
        return "root";
    }

    private static final class Shared {
        static final MariaDbServer SERVER = startShared();

        private static MariaDbServer startShared() {
            try {
                MariaDbServer server = startNew();
                closeWithJvm(server);
                return server;
            } catch (IOException e) {
                throw new AssertionError("MariaDB cannot be started", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while MariaDB was started", e);
            }
        }
    }
}
