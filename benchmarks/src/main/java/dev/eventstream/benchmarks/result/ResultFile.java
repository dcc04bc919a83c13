package dev.eventstream.benchmarks.result;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/** The results of a question: a file with one line of JSON per value, to which each run appends. Thread-safe. */
public final class ResultFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final String question;
    private final Origin origin;
    private final String date;

    // guarded by this
    private final Map<String, String> versions = new HashMap<>();

    /** The file for one run. */
    public ResultFile(Path directory, String question, Origin origin, Instant start) {
        this.directory = directory;
        this.question = question;
        this.origin = origin;
        this.date = start.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Notes which version of a subject its later values are from. */
    public synchronized void version(String subject, String version) {
        versions.put(subject, version);
    }

    /**
     * Writes one value.
     *
     * @throws IllegalArgumentException if the value is no number, because a division went wrong, for example
     */
    public synchronized void append(String subject, String metric, String unit, int round, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(subject + ", " + metric + ": " + value);
        }
        ResultLine line = new ResultLine(
                origin.commit(),
                origin.machine(),
                date,
                origin.command(),
                question,
                subject,
                versions.getOrDefault(subject, ""),
                metric,
                unit,
                round,
                value);
        try {
            write(question + ".jsonl", JSON.writeValueAsString(line) + '\n', StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a text beside the results, such as a query plan, in place of that of an earlier run. */
    public void save(String name, String text) {
        try {
            write(question + '-' + name, text, StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String name, String text, StandardOpenOption how) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(
                directory.resolve(name),
                text,
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                how);
    }
}
