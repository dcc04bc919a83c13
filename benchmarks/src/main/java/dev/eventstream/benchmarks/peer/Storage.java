package dev.eventstream.benchmarks.peer;

import dev.eventstream.benchmarks.database.LogDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.h2.engine.Constants;

/** Where the product stores events: an empty log for each server, with the tables that {@code db migrate} creates. */
enum Storage {
    /** A file, which is written at each commit. */
    H2 {
        @Override
        String version() {
            return "H2 " + Constants.VERSION;
        }

        @Override
        Opened open(Path directory) throws Exception {
            Path file = Files.write(directory.resolve("events.mv.db"), EmptyLog.FILE);
            String url = "jdbc:h2:" + file.toString().replace(".mv.db", "") + ";WRITE_DELAY=0";
            return new Opened(yaml("org.h2.Driver", url, "sa"), () -> {});
        }
    },

    /** A server of its own with its defaults, which include that each commit is written. */
    POSTGRESQL {
        @Override
        String version() {
            return "PostgreSQL " + ServerProcess.printedBy("psql", "--version").replaceAll("^\\D*|[^0-9.].*$", "");
        }

        @Override
        Opened open(Path directory) throws Exception {
            LogDatabase database = LogDatabase.start("postgresql", Files.createDirectory(directory.resolve("pg")));
            return new Opened(yaml(database.driver(), database.url(), database.user()), database::close);
        }
    };

    /**
     * A log that is ready.
     *
     * @param yaml the block {@code database} of the configuration
     * @param end closes and deletes it; the service has ended before
     */
    record Opened(String yaml, Runnable end) {}

    abstract String version();

    abstract Opened open(Path directory) throws Exception;

    private static String yaml(String driver, String url, String user) {
        return String.format(
                Locale.ROOT,
                "{driverClass: %s, url: '%s', user: '%s', password: '', minSize: 8, initialSize: 8, maxSize: 32}",
                driver,
                url,
                user);
    }

    /** Made once, because Liquibase takes seconds. */
    private static final class EmptyLog {
        static final byte[] FILE = make();

        private static byte[] make() {
            try {
                Path directory = Files.createTempDirectory("bm-h2");
                try (LogDatabase database = LogDatabase.start("h2", directory)) {
                    database.execute("SHUTDOWN");
                    return Files.readAllBytes(directory.resolve("log.mv.db"));
                } finally {
                    Files.delete(directory);
                }
            } catch (Exception e) {
                throw new IllegalStateException("an empty log cannot be made", e);
            }
        }
    }
}
