package dev.eventstream.torture;

import dev.eventstream.logs.ServerLogs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts processes, and stops and continues them. */
final class Processes {
    private Processes() {}

    /** The java that runs this JVM. */
    static String java() {
        return ProcessHandle.current().info().command().orElse("java");
    }

    static Process start(List<String> command, Path log) throws IOException {
        ServerLogs.add("torture", log);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Sends a signal to a process. */
    static void signal(String name, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        kill.waitFor(5, TimeUnit.SECONDS);
    }

    /** A port that was free a moment ago, below Linux's range of client ports. */
    static int freePort() throws IOException {
        while (true) {
            int candidate = 12_000 + (int) (Math.random() * 8_000);
            try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (java.net.BindException e) {
                // taken: try another
            }
        }
    }
}
