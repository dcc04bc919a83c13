package dev.eventstream.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A private HAProxy in front of a port of this machine, as a load balancer. Confined to one thread. */
public final class HaProxy implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/haproxy");

    private final int port;
    private final ServerProgram program;

    private HaProxy(int port, ServerProgram program) {
        this.port = port;
        this.program = program;
    }

    /**
     * Starts it.
     *
     * @param silence how long it lets either side send nothing; most load balancers come with 60 s
     */
    public static HaProxy before(int target, Duration silence) throws IOException {
        int port = FreePorts.next();
        Path directory = Files.createTempDirectory("haproxy");
        Path configuration = Files.writeString(
                directory.resolve("haproxy.cfg"),
                """
                defaults
                  mode http
                  timeout connect 5s
                  timeout client %2$ds
                  timeout server %2$ds
                frontend clients
                  bind 127.0.0.1:%1$d
                  default_backend nodes
                backend nodes
                  server node 127.0.0.1:%3$d
                """.formatted(port, silence.toSeconds(), target),
                StandardCharsets.UTF_8);
        return new HaProxy(
                port,
                ServerProgram.start("haproxy", directory, port, PROGRAM.toString(), "-f", configuration.toString()));
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        program.close();
    }
}
