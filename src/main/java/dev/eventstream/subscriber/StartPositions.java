package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.StartLimit;
import java.util.List;
import java.util.Map;

/**
 * Finds where new readers start in the log. Readers who ask for the same at the same time share a query.
 *
 * <p>Thread-safe. Blocks while the database works.
 */
final class StartPositions {
    private final SharedQueries<Key, Map<ChannelName, EventId>> queries;

    StartPositions(EventStore store) {
        this.queries = new SharedQueries<>(key -> store.startPositions(key.channels(), key.limit())
                .orElseThrow(() -> new IllegalStateException("the store cannot tell where a new reader starts")));
    }

    private record Key(List<ChannelName> channels, StartLimit limit) {}

    /**
     * The positions in stored channels, perhaps none, after which follow the events that the limit admits.
     *
     * @throws dev.eventstream.store.EventStoreException if the log cannot be read
     */
    Map<ChannelName, EventId> find(List<ChannelName> channels, StartLimit limit) {
        return channels.isEmpty() ? Map.of() : queries.ask(new Key(channels, limit));
    }
}
