package dev.eventstream;

import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import io.dropwizard.lifecycle.Managed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says at start, in one line, what is wrong with the log. The application starts nevertheless: its tables may be made a little
 * later, and then the node becomes healthy by itself.
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
