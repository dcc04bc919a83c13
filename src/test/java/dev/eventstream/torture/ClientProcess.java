package dev.eventstream.torture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.logs.ServerLogs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Readers with the browser client, all in one Node.js process. They run the file that the bundle serves. The program is
 * {@code clients.mjs}; it also acts as the page, which is offline, in the browser's cache or busy for a while.
 *
 * <p>Runs on one thread.
 */
final class ClientProcess implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long END_SECONDS = 10;

    private final List<String> command = new ArrayList<>();
    private final Path log;
    private final Map<String, ClientReader> readers = new LinkedHashMap<>();
    private final Phases phases;
    private final Findings findings;

    /**
     * @param overEventSource whether the clients use EventSource. Node has one only since 20.18; otherwise they use {@code fetch}, too
     */
    ClientProcess(
            List<ClientReader> readers, boolean overEventSource, Options options, Phases phases, Findings findings) {
        readers.forEach(reader -> this.readers.put(reader.name(), reader));
        String transport = overEventSource ? "event-source" : "fetch";
        this.log = options.directory().resolve("clients-over-" + transport + ".log");
        this.phases = phases;
        this.findings = findings;
        command.add("node");
        if (overEventSource) {
            command.add("--experimental-eventsource");
        }
        command.addAll(List.of(
                file("clients.mjs"),
                file("/dev/eventstream/eventstream.mjs"),
                Path.of("client", "names.json").toString(),
                transport,
                Long.toString(options.seed()),
                options.bug().label()));
    }

    private static String file(String resource) {
        try {
            URL url = Objects.requireNonNull(ClientProcess.class.getResource(resource), resource);
            return Path.of(url.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether Node has an EventSource. */
    static boolean hasEventSource() throws IOException, InterruptedException {
        String flag = "process.allowedNodeEnvironmentFlags.has('--experimental-eventsource')";
        Process node = new ProcessBuilder("node", "--print", flag).start();
        String answer = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        node.waitFor(END_SECONDS, TimeUnit.SECONDS);
        return answer.strip().equals("true");
    }

    @Override
    public void run() {
        try {
            ServerLogs.add("torture", log);
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                    .start();
            try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8);
                    Writer out = process.outputWriter(StandardCharsets.UTF_8)) {
                converse(in, out);
            } finally {
                end(process);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            findings.add(Breach.LOST, "browser clients did not run: " + e);
        } catch (RuntimeException e) {
            findings.add(Breach.PHANTOM, "what browser clients received cannot be interpreted: " + e);
        }
    }

    // the program reports something at least every second, and ends when its input does
    private void converse(BufferedReader in, Writer out) throws IOException {
        for (ClientReader reader : readers.values()) {
            send(out, reader.open(0));
        }
        boolean isCalm = false;
        boolean isOver = false;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Optional<String> answer = take(JSON.readTree(line));
            if (phases.isOver() && !isOver) {
                isOver = true;
                out.close();
            }
            if (isOver) {
                continue;
            }
            if (phases.isCalm() && !isCalm) {
                isCalm = true;
                send(out, "calm");
            }
            if (answer.isPresent()) {
                send(out, answer.get());
            }
        }
    }

    private Optional<String> take(JsonNode report) {
        return Optional.ofNullable(readers.get(report.path("reader").asText())).flatMap(reader -> reader.take(report));
    }

    private static void send(Writer out, String line) throws IOException {
        out.write(line + '\n');
        out.flush();
    }

    private void end(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            findings.add(Breach.LOST, "the process of the browser clients does not end");
        } else if (!phases.isOver() || process.exitValue() != 0) {
            findings.add(
                    Breach.LOST,
                    "the process of the browser clients ended with status " + process.exitValue() + "; "
                            + Processes.end(log));
        }
    }
}
