package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.channel.ReliableChannels;
import dev.eventstream.publisher.Announcements;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.store.memory.MemoryEventStore;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.server.ContainerRequest;
import org.junit.jupiter.api.Test;

/** Random bodies; the typical ones are in PublishTest. */
class PublishBodyTest {
    private static final int MAX_BYTES = 2_000;
    private static final URI EVENTS = URI.create("http://localhost/events");
    private static final List<String> SEEDS = List.of(
            "{\"channel\":\"a\",\"data\":{\"n\":[1,2.50,1e9,null,true]}}",
            "{\"channel\":\"b\",\"type\":\"note\",\"text\":\"line\\nline \\u00e9\\ud83d\\ude00\"}",
            "[{\"channel\":\"a\",\"data\":1,\"skipUsers\":[\"eve\"]},{\"channel\":\"b\",\"text\":\"\",\"idempotencyKey\":\"k\"}]");
    private static final String BYTES = "{}[]\":,\\u0123456789eE+-.abctdnx \n\0\u00e9";

    private final MetricRegistry metrics = new MetricRegistry();
    private final PublishResource resource = new PublishResource(
            new EventPublisher(
                    new MemoryEventStore(Clock.systemUTC()),
                    new ReliableChannels(List.of()),
                    new Announcements(List.of(), metrics),
                    1_000,
                    metrics),
            List.of("a-token-for-the-tests"),
            MAX_BYTES);

    @Test
    void a_random_body_is_sent_or_refused_and_nothing_else() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int sent = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] body = mutated(SEEDS.get(random.nextInt(SEEDS.size())), random);
            Response answer = post(body);
            assertThat(answer.getStatus())
                    .as("seed %d, case %d: %s", seed, i, new String(body, StandardCharsets.UTF_8))
                    .isIn(201, 400, 413);
            JsonNode said = new ObjectMapper().readTree((String) answer.getEntity());
            if (answer.getStatus() == 201) {
                sent++;
                assertThat(said.findValues("id"))
                        .as("seed %d, case %d", seed, i)
                        .isNotEmpty();
            } else {
                assertThat(said.path("message").asText())
                        .as("seed %d, case %d", seed, i)
                        .isNotEmpty()
                        .hasSizeLessThan(400);
            }
        }
        assertThat(sent).as("seed %d: bodies that were sent", seed).isBetween(100, 19_900);
    }

    private Response post(byte[] body) {
        ContainerRequest request =
                new ContainerRequest(EVENTS, EVENTS, "POST", null, new MapPropertiesDelegate(), null);
        request.header("Authorization", "Bearer a-token-for-the-tests");
        request.setEntityStream(new ByteArrayInputStream(body));
        return resource.apply(request);
    }

    private static byte[] mutated(String seed, Random random) {
        byte[] alphabet = BYTES.getBytes(StandardCharsets.UTF_8);
        StringBuilder text =
                new StringBuilder(new String(seed.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(text.length());
            char b = (char) (alphabet[random.nextInt(alphabet.length)] & 0xFF);
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, b);
                case 1 -> text.insert(at, b);
                case 2 -> text.deleteCharAt(at);
                default -> text.insert(at, text.substring(random.nextInt(text.length())));
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
