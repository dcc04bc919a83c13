package dev.eventstream.benchmarks.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A server on Node.js.
 *
 * @param script a file of {@code src/main/node}
 */
public record Node(String name, String script) implements Peer {
    /** The server that many people write by hand. */
    public static final Node PLAIN = new Node("plain Node", "plain.js");

    /** A library for streams. */
    public static final Node BETTER_SSE = new Node("better-sse", "better-sse.js");

    @Override
    public String version() {
        String node = "Node.js " + ServerProcess.printedBy("node", "--version").replace("v", "");
        return this.equals(BETTER_SSE) ? "better-sse 0.16.1 on " + node : node;
    }

    @Override
    public Server start(Path directory) throws IOException, InterruptedException {
        int port = ServerProcess.freePort();
        Path peers = Path.of(System.getProperty("benchmarks.directory", "."), "target", "peers");
        ServerProcess process = ServerProcess.start(
                directory,
                List.of("node", peers.resolve(script).toAbsolutePath().toString(), Integer.toString(port)));
        return new SimpleServer(process.awaitPort(port), port);
    }
}
