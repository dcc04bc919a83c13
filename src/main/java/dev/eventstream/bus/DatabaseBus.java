package dev.eventstream.bus;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventStore;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the log where channels stand and passes it on. One run is one look; it costs one query for some hundreds of channels
 * and none if nobody reads.
 *
 * <p>Confined to the thread that runs it.
 */
public final class DatabaseBus implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(DatabaseBus.class);

    private final EventStore store;
    private final Supplier<Collection<ChannelName>> channels;
    private final Consumer<Map<ChannelName, EventId>> announce;
    private boolean failing;

    /**
     * @param channels those that somebody on this node reads
     * @param announce told where they stand
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
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void succeeded() {
        if (failing) {
            failing = false;
            LOGGER.info("The event log can be asked again; events of other nodes arrive");
        }
    }

    private void failed(RuntimeException failure) {
        if (!failing) {
            failing = true;
            LOGGER.warn("The event log cannot be asked; events of other nodes are late until it can", failure);
        }
    }
}
