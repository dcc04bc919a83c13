package dev.eventstream.readers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.stream.WireReader.WireEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A program in {@code client/readers}. It ends when its standard input is closed, so it does not outlive the
 * tests. Its error output is in {@code target/client/readers}, in a file with its name.
 */
final class NodeReader implements OpenReader {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PROGRAMS = Path.of("target/client/readers");

    private final Process process;
    private final List<WireEvent> events = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;

    NodeReader(String program, URI uri, Map<String, String> headers) {
        try {
            process = new ProcessBuilder(
                            "node",
                            PROGRAMS.resolve(program + ".mjs").toString(),
                            uri.toString(),
                            JSON.writeValueAsString(headers))
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            PROGRAMS.resolve(program + ".log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::read, program);
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                take(JSON.readTree(line));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void take(JsonNode line) {
        if (line.has("stopped")) {
            stopped = true;
        } else {
            events.add(new WireEvent(
                    line.get("id").textValue(),
                    line.get("type").textValue(),
                    line.get("data").textValue()));
        }
    }

    @Override
    public List<WireEvent> events() {
        return List.copyOf(events);
    }

    @Override
    public boolean hasStopped() {
        return stopped;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
