package dev.eventstream.network;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.eventstream.logs.ServerLogs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A server that runs as a program, with a directory of its own that is deleted with it. Confined to one thread. */
public final class ServerProgram implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private final Path log;
    private final Process process;

    private ServerProgram(Path directory, Path log, Process process) {
        this.directory = directory;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts it, and waits until it listens.
     *
     * @param directory belongs to the server from now on
     * @param port on which it will listen
     */
    public static ServerProgram start(String name, Path directory, int port, String... command) throws IOException {
        Path log = Files.createFile(directory.resolve(name + ".log"));
        ServerLogs.add(name, log);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        ServerProgram server = new ServerProgram(directory, log, process);
        FreePorts.awaitListening(name, port);
        return server;
    }

    @Override
    public void close() {
        ServerLogs.end(log);
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
