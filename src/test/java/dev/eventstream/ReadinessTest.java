package dev.eventstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.eventstream.store.memory.MemoryEventStore;
import io.dropwizard.core.Configuration;
import io.dropwizard.health.HealthFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.testing.DropwizardTestSupport;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/OPERATION.md recommends for load balancers: Dropwizard's readiness with the health check of the drain. */
class ReadinessTest {
    private static final Pattern SAMPLE = Pattern.compile("```yaml\n(health:\n.*?)```", Pattern.DOTALL);

    /** They take two seconds to end, and readiness is checked every second. */
    private static final int STREAMS = 400;

    private static Configuration recommended() throws IOException {
        Matcher sample = SAMPLE.matcher(Files.readString(Path.of("docs/OPERATION.md"), UTF_8));
        assertThat(sample.find()).isTrue();
        JsonNode health = new ObjectMapper(new YAMLFactory())
                .readTree(requireNonNull(sample.group(1)))
                .path("health");
        Configuration configuration = SmallService.onAnyPorts();
        configuration.setHealthFactory(Jackson.newObjectMapper().treeToValue(health, HealthFactory.class));
        return configuration;
    }

    @Test
    void a_node_that_drains_is_not_ready_while_it_still_serves() throws Exception {
        SmallService service =
                new SmallService(bundle -> bundle.store((any, environment) -> new MemoryEventStore(Clock.systemUTC()))
                        .authorizer((reader, channel) -> true));
        DropwizardTestSupport<Configuration> server = service.server(recommended());
        server.before();
        int port = server.getLocalPort();
        List<RawStream> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(new RawStream(port, "/events?channel=news"));
            streams.get(i).readUntil("stream-open");
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> readiness(port) == 200);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::after);

        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> readiness(port) == 503);
        try (TestStream late = TestStream.open(port, "/events?channel=news").awaitEnd()) {
            assertThat(late.status()).isEqualTo(200);
        }
        for (RawStream stream : streams) {
            stream.readUntil("\r\n0\r\n\r\n");
            stream.close();
        }
        stopped.get(60, TimeUnit.SECONDS);
    }

    private static int readiness(int port) throws IOException {
        HttpURLConnection request =
                (HttpURLConnection) URI.create("http://localhost:" + port + "/health-check?type=ready")
                        .toURL()
                        .openConnection();
        request.setReadTimeout(5_000);
        return request.getResponseCode();
    }
}
