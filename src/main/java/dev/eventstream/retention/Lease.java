package dev.eventstream.retention;

import dev.eventstream.store.EventStoreException;
import java.time.Duration;

/**
 * Lets one node at a time do what any of them could do. A turn ends by itself, so a node that dies holds nobody up.
 *
 * <p>Thread-safe, also among nodes.
 */
@FunctionalInterface
public interface Lease {

    /**
     * Takes the turn, unless another has it.
     *
     * @param task what is to be done; 64 characters at most
     * @param length how long nobody else gets it
     * @return whether it was taken
     * @throws EventStoreException if the database fails
     */
    boolean take(String task, Duration length);
}
