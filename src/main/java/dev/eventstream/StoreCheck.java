package dev.eventstream;

import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import io.dropwizard.lifecycle.Managed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs at start, in one line, why the log cannot be used. The application starts nevertheless: the tables may be created later, and
 * then the node becomes healthy by itself.
 */
final class StoreCheck implements Managed {
    private static final Logger LOGGER = LoggerFactory.getLogger(StoreCheck.class);

    private final EventStore store;

    StoreCheck(EventStore store) {
        this.store = store;
    }

    @Override
    public void start() {
        try {
            store.check();
        } catch (EventStoreException e) {
            LOGGER.error(
                    "Event streams do not work yet, and the health check eventstream-store fails: {}", e.getMessage());
        }
    }
}
