package dev.eventstream.torture;

import dev.eventstream.logs.ServerLogs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts processes, and stops and continues them. */
final class Processes {
    private static final int LAST_LINES = 30;

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

    /** The path and the last lines of the log of a process that has ended. */
    static String end(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
        return "its log is " + log + " and ends with:\n" + String.join("\n", last);
    }
}
