package dev.eventstream.health;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;

/** Checks that the event log can be read and has the tables that this version needs. */
public final class EventStoreHealthCheck extends HealthCheck {
    private final EventStore store;

    public EventStoreHealthCheck(EventStore store) {
        this.store = store;
    }

    @Override
    protected Result check() {
        try {
            store.check();
            return Result.healthy();
        } catch (EventStoreException e) {
            return Result.unhealthy("%s", e.getMessage());
        }
    }
}
