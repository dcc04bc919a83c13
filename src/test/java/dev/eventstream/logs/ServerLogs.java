package dev.eventstream.logs;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The logs of the servers that the tests of this JVM have started. Thread-safe. */
public final class ServerLogs {
    private static final ServerLogs ALL = new ServerLogs(Path.of("target", "failed"));

    private final Path failed;

    // guarded by this; by name, the present path of the log
    private final Map<String, Path> running = new LinkedHashMap<>();
    private final Map<String, Path> ended = new LinkedHashMap<>();
    private int count;

    ServerLogs(Path failed) {
        this.failed = failed;
    }

    static ServerLogs all() {
        return ALL;
    }

    /**
     * Registers the log of a server that starts.
     *
     * @param server such as {@code postgresql}; part of the name of the copy
     */
    public static void add(String server, Path log) {
        ALL.begin(server, log);
    }

    /** Registers that a server has ended and its log is about to be deleted. */
    public static void end(Path log) {
        ALL.finish(log);
    }

    synchronized void begin(String server, Path log) {
        Path absolute = log.toAbsolutePath();
        if (!running.containsValue(absolute)) {
            count++;
            running.put(server + '-' + count + ".log", absolute);
        }
    }

    synchronized void finish(Path log) {
        Path absolute = log.toAbsolutePath();
        running.entrySet().stream()
                .filter(entry -> entry.getValue().equals(absolute))
                .findFirst()
                .ifPresent(entry -> {
                    running.remove(entry.getKey());
                    try {
                        Path copy = Files.createTempFile("ended-", ".log");
                        copy.toFile().deleteOnExit();
                        ended.put(entry.getKey(), Files.copy(absolute, copy, StandardCopyOption.REPLACE_EXISTING));
                    } catch (IOException e) {
                        // there is no log to keep
                    }
                });
    }

    /** Copies all logs for a failed test, and returns the directory; empty if there are none. */
    synchronized Optional<Path> keep(String test) {
        Path directory = failed.resolve(test.replaceAll("[^A-Za-z0-9_.-]+", "_"));
        Map<String, Path> logs = new LinkedHashMap<>(running);
        logs.putAll(ended);
        logs.values().removeIf(log -> !Files.isReadable(log));
        if (logs.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (Files.exists(directory)) {
                MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
            }
            Files.createDirectories(directory);
            for (Map.Entry<String, Path> log : logs.entrySet()) {
                Files.copy(log.getValue(), directory.resolve(log.getKey()), StandardCopyOption.REPLACE_EXISTING);
            }
            return Optional.of(directory.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Forgets the servers that have ended, and those whose log is gone. */
    synchronized void forgetEnded() {
        ended.values().forEach(copy -> copy.toFile().delete());
        ended.clear();
        running.values().removeIf(log -> !Files.exists(log));
    }
}
