package dev.eventstream.recipe;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Hands each event of a stream to a handler exactly once, in the transaction that also stores the reader's position. */
public record StoredReader(Jdbi jdbi, String name, URI uri, BiConsumer<Handle, MessageEvent> handler) {
    /** A stream that begins at the stored position and reconnects whenever its connection fails. Close it to end {@link #read}. */
    public EventSource open() {
        return new EventSource.Builder(ConnectStrategy.http(uri).readTimeout(50, TimeUnit.SECONDS))
                .lastEventId(jdbi.withHandle(this::position).toString())
                .errorStrategy(ErrorStrategy.alwaysContinue())
                .build();
    }

    /** Reads until the stream is closed. If the handler fails, close the stream, and open another one after a pause. */
    public void read(EventSource stream) {
        stream.messages().forEach(event -> jdbi.useTransaction(handle -> take(handle, event)));
    }

    private void take(Handle handle, MessageEvent event) {
        switch (event.getEventName()) {
            case "stream-error" -> throw new IllegalStateException(event.getData());
            case "keep-alive", "stream-open" -> advance(handle, event);
            default -> {
                if (advance(handle, event)) {
                    handler.accept(handle, event);
                }
            }
        }
    }

    /** Stores the position after the event; false if the event is a repeat. */
    private boolean advance(Handle handle, MessageEvent event) {
        LastEventId stored = position(handle);
        LastEventId received = LastEventId.parse(event.getLastEventId());
        boolean isNew = received.positions().entrySet().stream()
                .anyMatch(entry -> stored.in(entry.getKey())
                        .filter(old -> isAtOrAfter(old, entry.getValue()))
                        .isEmpty());
        if (isNew) {
            handle.execute("UPDATE stream_reader SET position = ? WHERE name = ?", received.toString(), name);
        }
        return isNew;
    }

    private static boolean isAtOrAfter(EventId stored, EventId received) {
        return stored.epoch().equals(received.epoch()) && stored.sequence() >= received.sequence();
    }

    private LastEventId position(Handle handle) {
        String sql = "SELECT position FROM stream_reader WHERE name = ?";
        return LastEventId.parse(handle.select(sql, name).mapTo(String.class).one());
    }
}
