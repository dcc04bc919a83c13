package dev.eventstream.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.network.FreePorts;
import dev.eventstream.network.ServerProgram;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A private Prometheus with the configuration and the alert rules of docs/monitoring. It scrapes and evaluates every second instead of
 * every fifteen, and its alerts fire at once instead of after minutes. Confined to one thread.
 */
final class PrometheusServer implements AutoCloseable {
    private static final Path MONITORING = Path.of("docs/monitoring");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final ServerProgram program;

    private PrometheusServer(int port, ServerProgram program) {
        this.port = port;
        this.program = program;
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
        return new PrometheusServer(
                port,
                ServerProgram.start(
                        "prometheus",
                        directory,
                        port,
                        "prometheus",
                        "--config.file=" + directory.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port));
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
        program.close();
    }
}
