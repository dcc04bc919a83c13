package dev.eventstream.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Records, in the transactions of the log, which events were committed and may not have been announced. If a process ends
 * between the two, another node finds the row and announces the events.
 *
 * <p>{@link EventStore#append} writes the rows, if the store has an outbox. A row is due after a grace period.
 *
 * <p>Thread-safe, also across nodes. Every method blocks for as long as the database takes and throws
 * {@link EventStoreException} if it fails.
 */
public interface Outbox {

    /**
     * Claims rows that are due, those that have been due longest first. They are due again later, and no other node claims them
     * until then. Takes one cheap query if no row is due, whatever the number of events, channels and rows.
     *
     * @param limit how many to claim at most; 1 or more
     */
    List<OutboxEntry> claimDue(int limit);

    /**
     * For how long the row that has been due longest is due; zero if none is. If it is more than a few seconds, no node sweeps. An admin
     * page asks for it.
     *
     * @return empty if this outbox cannot tell, which is the default
     */
    default Optional<Duration> lag() {
        return Optional.empty();
    }

    /** Deletes the rows that contain only announced events. Rows that no longer exist are ignored. */
    void delete(Collection<OutboxEntry> announced);
}
