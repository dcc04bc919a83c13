package dev.eventstream.bus;

import dev.eventstream.logs.ServerLogs;
import dev.eventstream.network.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server that is one process and keeps nothing when it ends. Thread-safe. */
final class ProcessBusServer extends BusServer {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<Path> DIRECTORIES = List.of(Path.of("/usr/bin"), Path.of("/usr/sbin"));

    private final int port = FreePorts.next();
    private final String scheme;
    private final String yaml;
    private final List<String> command;

    // guarded by this
    private @Nullable Process process;

    /**
     * @param yaml the bus block, with {@code ADDRESS} for the server's address
     * @param command returns the command line for a port
     */
    private ProcessBusServer(String scheme, String yaml, IntFunction<List<String>> command) {
        this.scheme = scheme;
        this.yaml = yaml;
        this.command = command.apply(port);
    }

    static BusServer newRedis() {
        return new ProcessBusServer(
                "redis",
                "{type: redis, uri: \"ADDRESS\"}",
                port -> List.of(
                        program("redis-server"),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--dir",
                        System.getProperty("java.io.tmpdir")));
    }

    static BusServer newNats() {
        return new ProcessBusServer(
                "nats",
                "{type: nats, servers: [\"ADDRESS\"]}",
                port -> List.of(program("nats-server"), "-a", "127.0.0.1", "-p", Integer.toString(port)));
    }

    // Debian's users do not have /usr/sbin on their PATH
    private static String program(String name) {
        return DIRECTORIES.stream()
                .map(directory -> directory.resolve(name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(name);
    }

    @Override
    public synchronized void start() throws IOException {
        if (process != null) {
            return;
        }
        Path log = Files.createTempFile("eventstream-bus", ".log");
        log.toFile().deleteOnExit();
        ServerLogs.add(scheme, log);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        FreePorts.awaitListening(command.get(0), port);
    }

    @Override
    public synchronized void kill() throws InterruptedException {
        for (Process running : Stream.ofNullable(process).toList()) {
            running.destroyForcibly();
            if (!running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(command.get(0) + " survived SIGKILL");
            }
        }
        process = null;
    }

    @Override
    public synchronized void close() {
        Stream.ofNullable(process).forEach(Process::destroyForcibly);
        process = null;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String address(int atPort) {
        return scheme + "://127.0.0.1:" + atPort;
    }

    @Override
    public String yaml(int atPort) {
        return yaml.replace("ADDRESS", address(atPort));
    }
}
