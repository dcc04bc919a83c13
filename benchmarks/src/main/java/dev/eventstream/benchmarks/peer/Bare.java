package dev.eventstream.benchmarks.peer;

import java.nio.file.Path;
import java.util.List;

/**
 * The minimum for a server in Java: one thread, one write per event and reader, no checks. Its speed is a limit for every server that
 * writes each event separately. See {@link BareServer}.
 */
public record Bare() implements Peer {
    /** The request line of a stream with events without end. */
    public static final String FLOOD = "GET /flood?channel=any HTTP/1.1\n";

    @Override
    public String name() {
        return "bare server";
    }

    @Override
    public String version() {
        return "";
    }

    @Override
    public boolean isJvm() {
        return true;
    }

    @Override
    public Server start(Path directory) throws Exception {
        int port = ServerProcess.freePort();
        ServerProcess process =
                ServerProcess.startJava(directory, List.of("-Xmx512m"), BareServer.class, Integer.toString(port));
        return new SimpleServer(process.awaitPort(port), port);
    }
}
