package dev.eventstream.example;

import static java.util.Objects.requireNonNull;

import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.WebTarget;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.glassfish.jersey.client.ClientProperties;
import org.glassfish.jersey.media.sse.EventInput;
import org.glassfish.jersey.media.sse.InboundEvent;
import org.glassfish.jersey.media.sse.SseFeature;

/** Opens streams with Jersey's client, which shares no code with the bundle. No wait is longer than 10 s. */
final class EventStreams implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final Client client = ClientBuilder.newBuilder()
            .register(SseFeature.class)
            .property(ClientProperties.CONNECT_TIMEOUT, PATIENCE_MILLIS)
            .property(ClientProperties.READ_TIMEOUT, PATIENCE_MILLIS)
            .build();
    private final String root;

    EventStreams(String root) {
        this.root = root;
    }

    /** A stream whose events are read one by one. Confined to one thread. */
    record OpenStream(EventInput input) implements AutoCloseable {

        /** Waits for the next event and returns it as {@code type id data}; {@code end} after the last. */
        String next() {
            InboundEvent event = input.read();
            return event == null ? "end" : "%s %s %s".formatted(event.getName(), event.getId(), event.readData());
        }

        /** The next event of another type. */
        String nextBut(String... types) {
            List<String> skipped = List.of(types);
            return Stream.generate(this::next)
                    .filter(event -> !skipped.contains(event.substring(0, event.indexOf(' '))))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public void close() {
            input.close();
        }
    }

    /** A stream for a reader without credentials. */
    OpenStream open(String pathAndQuery) {
        return new OpenStream(requireNonNull(
                target(pathAndQuery).request(SseFeature.SERVER_SENT_EVENTS_TYPE).get(EventInput.class)));
    }

    /** A stream for a user. */
    OpenStream open(String pathAndQuery, String user, String password) {
        return new OpenStream(requireNonNull(target(pathAndQuery)
                .request(SseFeature.SERVER_SENT_EVENTS_TYPE)
                .header("Authorization", basic(user, password))
                .get(EventInput.class)));
    }

    static String basic(String user, String password) {
        byte[] credentials = (user + ':' + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    private WebTarget target(String pathAndQuery) {
        return client.target(URI.create(root + pathAndQuery));
    }

    @Override
    public void close() {
        client.close();
    }
}
