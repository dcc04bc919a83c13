package dev.eventstream.torture;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * The record of a run in four text files: {@code events.log} (each event that was sent, with its outcome),
 * {@code readers.log} (everything that readers received), {@code faults.log} and {@code breaches.log}. Every line starts with the
 * milliseconds since the start, so you can sort the lines of several files into one story.
 *
 * <p>At {@value #MAX_BYTES} bytes a file is renamed to {@code ….1}, and replaces an earlier file of that name.
 *
 * <p>Thread-safe.
 */
final class Trace implements AutoCloseable {
    static final long MAX_BYTES = 512L << 20;

    private final long startNanos = System.nanoTime();
    private final Lines events;
    private final Lines readers;
    private final Lines faults;
    private final Lines breaches;

    Trace(Path directory) throws IOException {
        Files.createDirectories(directory);
        this.events = new Lines(directory.resolve("events.log"));
        this.readers = new Lines(directory.resolve("readers.log"));
        this.faults = new Lines(directory.resolve("faults.log"));
        this.breaches = new Lines(directory.resolve("breaches.log"));
    }

    void event(String text) {
        events.add(stamped(text));
    }

    void reader(String text) {
        readers.add(stamped(text));
    }

    void fault(String text) {
        faults.add(stamped(text));
        faults.flush();
    }

    void breach(String text) {
        breaches.add(stamped(text));
        breaches.flush();
    }

    long millis() {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }

    void flush() {
        events.flush();
        readers.flush();
    }

    private String stamped(String text) {
        return String.format(Locale.ROOT, "%08d %s%n", millis(), text);
    }

    @Override
    public void close() throws IOException {
        events.close();
        readers.close();
        faults.close();
        breaches.close();
    }

    private static final class Lines {
        private final Path file;

        // guarded by this
        private BufferedWriter out;
        private long written;
        private boolean closed;

        Lines(Path file) throws IOException {
            this.file = file;
            this.out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        }

        synchronized void add(String line) {
            if (closed) {
                return;
            }
            try {
                out.write(line);
                written += line.length();
                if (written > MAX_BYTES) {
                    out.close();
                    Files.move(
                            file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
                    out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
                    written = 0;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        synchronized void flush() {
            try {
                if (!closed) {
                    out.flush();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        synchronized void close() throws IOException {
            closed = true;
            out.close();
        }
    }
}
