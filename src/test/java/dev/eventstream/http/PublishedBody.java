package dev.eventstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.StoredChannels;
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
import java.util.Set;
import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.server.ContainerRequest;

/** Posts bodies to a resource without a server, and checks every answer. Confined to one thread. */
final class PublishedBody {
    private static final int MAX_BYTES = 2_000;
    private static final URI EVENTS = URI.create("http://localhost/events");

    static final List<String> TYPICAL = List.of(
            "{\"channel\":\"a\",\"data\":{\"n\":[1,2.50,1e9,null,true]}}",
            "{\"channel\":\"b\",\"type\":\"note\",\"text\":\"line\\nline \\u00e9\\ud83d\\ude00\"}",
            "[{\"channel\":\"a\",\"data\":1,\"skipUsers\":[\"eve\"]},{\"channel\":\"b\",\"text\":\"\",\"idempotencyKey\":\"k\"}]");

    private final MetricRegistry metrics = new MetricRegistry();
    private final PublishResource resource = new PublishResource(
            new EventPublisher(
                    new MemoryEventStore(Clock.systemUTC()),
                    new StoredChannels(List.of()),
                    new Announcements(List.of(), metrics),
                    1_000,
                    metrics),
            new PublishAccess(
                    List.of(new PublishToken(
                            "test",
                            PublishToken.digest("a-token-for-the-tests"),
                            List.of(new ChannelPattern("*")),
                            1_000_000,
                            1_000_000_000,
                            Ticker.systemTicker())),
                    metrics),
            new CrossSiteCheck(Set.of(), false, metrics),
            MAX_BYTES,
            Runnable::run);

    /** Whether the body was sent. Fails unless it was either sent or refused with a message. */
    boolean sentOrRefused(byte[] body) throws IOException {
        Response answer = post(body);
        assertThat(answer.getStatus())
                .as(() -> new String(body, StandardCharsets.UTF_8))
                .isIn(201, 400, 413);
        JsonNode said = new ObjectMapper().readTree((String) answer.getEntity());
        if (answer.getStatus() == 201) {
            assertThat(said.findValues("id")).isNotEmpty();
            return true;
        }
        assertThat(said.path("message").asText()).isNotEmpty().hasSizeLessThan(400);
        return false;
    }

    private Response post(byte[] body) {
        ContainerRequest request =
                new ContainerRequest(EVENTS, EVENTS, "POST", null, new MapPropertiesDelegate(), null);
        request.header("Authorization", "Bearer a-token-for-the-tests");
        request.setEntityStream(new ByteArrayInputStream(body));
        return resource.apply(request);
    }
}
