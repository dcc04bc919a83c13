package dev.eventstream.store;

import java.util.Collection;
import java.util.List;

/**
 * Remembers, in the log's own transactions, which events were committed and may not have been announced: should the process
 * end between the two, another node finds the row and announces them.
 *
 * <p>A row is written by {@link EventStore#append}, if the store was made to, and is due a grace later.
 *
 * <p>Thread-safe, also among nodes. Every method blocks for as long as the database takes and throws
 * {@link EventStoreException} if it fails.
 */
public interface Outbox {

    /**
     * Claims rows that are due, the longest due first: they are due again later, and no other node claims them until then.
     * Costs one cheap query if none is due, however many events, channels and rows there are.
     *
     * @param limit how many at most; 1 or more
     */
    List<OutboxEntry> claimDue(int limit);

    /** Deletes the rows whose events are all among those that were announced, or that are gone. */
    void delete(Collection<OutboxEntry> announced);
}
