package dev.eventstream.readers;

import dev.eventstream.stream.WireReader.WireEvent;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.sse.InboundSseEvent;
import jakarta.ws.rs.sse.SseEventSource;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Jersey's reader. */
final class JerseyReader implements OpenReader {
    private final Client client;
    private final SseEventSource source;
    private final List<WireEvent> events = new CopyOnWriteArrayList<>();

    JerseyReader(URI uri, Map<String, String> headers) {
        client = ClientBuilder.newClient().register((ClientRequestFilter)
                request -> headers.forEach((name, value) -> request.getHeaders().putSingle(name, value)));
        source = SseEventSource.target(client.target(uri))
                .reconnectingEvery(200, TimeUnit.MILLISECONDS)
                .build();
        source.register(this::take);
        source.open();
    }

    private void take(InboundSseEvent event) {
        events.add(new WireEvent(
                Objects.requireNonNullElse(event.getId(), ""),
                Objects.requireNonNullElse(event.getName(), "message"),
                event.readData()));
    }

    @Override
    public List<WireEvent> events() {
        return List.copyOf(events);
    }

    @Override
    public boolean hasStopped() {
        return !source.isOpen();
    }

    @Override
    public void close() {
        source.close(1, TimeUnit.SECONDS);
        client.close();
    }
}
