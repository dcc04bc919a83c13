package dev.eventstream.benchmarks.peer;

import dev.eventstream.benchmarks.database.LogDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.engine.Constants;

/** A log for each server. */
enum OwnLog implements Storage {
    /** A file, which is written at each commit. */
    H2 {
        @Override
        public String version() {
            return "H2 " + Constants.VERSION;
        }

        @Override
        public Database open(Path directory) throws Exception {
            Path file = Files.write(directory.resolve("events.mv.db"), EmptyLog.FILE);
            String url = "jdbc:h2:" + file.toString().replace(".mv.db", "") + ";WRITE_DELAY=0";
            return new Database("org.h2.Driver", url, "sa", "");
        }
    },

    /** A server of its own with its defaults, which include that each commit is written. */
    POSTGRESQL {
        @Override
        public String version() {
            return "PostgreSQL " + ServerProcess.printedBy("psql", "--version").replaceAll("^\\D*|[^0-9.].*$", "");
        }

        @Override
        public Database open(Path directory) throws Exception {
            LogDatabase database = LogDatabase.start("postgresql", Files.createDirectory(directory.resolve("pg")));
            return new Database(database.driver(), database.url(), database.user(), "", database::close);
        }
    };

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
