package dev.eventstream.retention;

import dev.eventstream.store.EventStoreException;
import java.time.Duration;

/**
 * Lets one node at a time perform a task for all nodes. A lease ends by itself, so a node that dies delays nobody for long.
 *
 * <p>Thread-safe, also among nodes.
 */
@FunctionalInterface
public interface Lease {

    /**
     * Takes the lease, unless a node has it already.
     *
     * @param task what is to be done; at most 64 characters
     * @param length how long no other node gets it
     * @return whether it was taken
     * @throws EventStoreException if the database fails
     */
    boolean take(String task, Duration length);
}
