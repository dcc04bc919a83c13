package dev.eventstream.benchmarks.database;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;

/** H2 in files, in this process, which writes each commit before it reports it. */
final class H2Database extends LogDatabase {
    private final Path directory;

    H2Database(Path directory) {
        this.directory = directory;
    }

    @Override
    public String name() {
        return "h2";
    }

    @Override
    public String title() {
        return "H2";
    }

    @Override
    public String url() {
        return "jdbc:h2:async:" + directory.resolve("log") + ";WRITE_DELAY=0;LOCK_TIMEOUT=30000;DB_CLOSE_DELAY=-1";
    }

    @Override
    public String url(String options) {
        return url() + ';' + options;
    }

    @Override
    public String user() {
        return "sa";
    }

    @Override
    public Optional<Integer> port() {
        return Optional.empty();
    }

    @Override
    public LogDatabase sibling(String database) {
        throw new UnsupportedOperationException("H2 has one database per directory");
    }

    @Override
    Path statementLog() {
        throw new UnsupportedOperationException("H2 runs in this process and writes no log");
    }

    @Override
    public long bytes() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            execute("SHUTDOWN");
            MoreFiles.deleteDirectoryContents(directory, RecursiveDeleteOption.ALLOW_INSECURE);
        } catch (SQLException e) {
            throw new IllegalStateException("H2 cannot be closed", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
