package dev.eventstream.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.eventstream.logs.ServerLogs;
import dev.eventstream.network.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A private Prometheus with the configuration and the alert rules of docs/monitoring. It scrapes and evaluates every second instead of
 * every fifteen, and its alerts fire at once instead of after minutes. Confined to one thread.
 */
final class PrometheusServer implements AutoCloseable {
    private static final Path MONITORING = Path.of("docs/monitoring");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final Path directory;
    private final Process process;

    private PrometheusServer(int port, Path directory, Process process) {
        this.port = port;
        this.directory = directory;
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param adminPort the admin port of the service
     */
    static PrometheusServer scraping(int adminPort) throws IOException {
        int port = FreePorts.next();
        Path directory = Files.createTempDirectory("prometheus");
        String configuration = read("prometheus.yml")
                .replace("localhost:8081", "127.0.0.1:" + adminPort)
                .replace("scrape_interval: 15s", "scrape_interval: 1s");
        Files.writeString(
                directory.resolve("prometheus.yml"),
                "global: {evaluation_interval: 1s}\n" + configuration,
                StandardCharsets.UTF_8);
        Files.writeString(
                directory.resolve("alerts.yml"),
                read("alerts.yml").replaceAll("for: \\d+m", "for: 0s"),
                StandardCharsets.UTF_8);
        Path log = Files.createFile(directory.resolve("prometheus.log"));
        ServerLogs.add("prometheus", log);
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + directory.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        PrometheusServer server = new PrometheusServer(port, directory, process);
        FreePorts.awaitListening("prometheus", port);
        return server;
    }

    private static String read(String file) throws IOException {
        return Files.readString(MONITORING.resolve(file), StandardCharsets.UTF_8);
    }

    /** The series that a query selects or computes now. */
    JsonNode query(String query) throws IOException {
        return get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .path("result");
    }

    /** The rules of the first group with their health and state. */
    JsonNode rules() throws IOException {
        return get("/api/v1/rules").path("groups").path(0).path("rules");
    }

    private JsonNode get(String target) throws IOException {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            JsonNode body = new ObjectMapper().readTree(answer.body());
            if (!body.path("status").asText().equals("success")) {
                throw new IOException("Prometheus refuses " + target + ": " + body);
            }
            return body.path("data");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        ServerLogs.end(directory.resolve("prometheus.log"));
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
