package dev.eventstream.bus;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the newest positions of the channels that this node's readers follow, and announces them. Each run costs one query per 500
 * channels, and none if there are no readers.
 *
 * <p>Confined to the thread that runs it.
 */
public final class DatabaseBus implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(DatabaseBus.class);

    private final EventStore store;
    private final Supplier<Collection<ChannelName>> channels;
    private final Consumer<Map<ChannelName, EventId>> announce;
    private boolean isFailing;

    /**
     * @param channels the channels that readers of this node follow
     * @param announce gets the newest position of each
     */
    public DatabaseBus(
            EventStore store,
            Supplier<Collection<ChannelName>> channels,
            Consumer<Map<ChannelName, EventId>> announce) {
        this.store = store;
        this.channels = channels;
        this.announce = announce;
    }

    @Override
    public void run() {
        try {
            Collection<ChannelName> read = channels.get();
            if (!read.isEmpty()) {
                announce.accept(store.newest(read));
            }
            succeeded();
        } catch (EventStoreException e) {
            failed(e);
        }
    }

    private void succeeded() {
        if (isFailing) {
            isFailing = false;
            LOGGER.info("The event log can be read again; events of other nodes arrive");
        }
    }

    private void failed(EventStoreException failure) {
        if (!isFailing) {
            isFailing = true;
            LOGGER.warn(
                    "The event log cannot be read; events of other nodes are delayed until it can: {}",
                    failure.getMessage());
        }
        LOGGER.debug("The event log cannot be read", failure);
    }
}
