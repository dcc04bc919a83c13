package dev.eventstream.retention;

import dev.eventstream.store.EventStoreException;
import java.time.Duration;

/**
 * Lets one node at a time perform a task for all nodes. A lease expires, so a node that dies does not delay the task for long.
 *
 * <p>Thread-safe, also across nodes.
 */
@FunctionalInterface
public interface Lease {

    /**
     * Takes the lease, unless a node already has it.
     *
     * @param task the name of the task; at most 64 characters
     * @param length for how long no other node can take it
     * @return whether the lease was taken
     * @throws EventStoreException if the database fails
     */
    boolean take(String task, Duration length);
}
