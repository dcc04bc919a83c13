package dev.eventstream.publisher;

import java.util.List;

/**
 * Fills a batch of sends up to its limits. A single send fits whatever its size.
 *
 * <p>Confined to the thread that fills the batch.
 */
final class BatchRoom {
    /** Events in one commit, unless a single sender brings more. */
    static final int MAX_EVENTS = 500;

    /** Characters of data in one commit, unless a single sender brings more. */
    static final int MAX_CHARACTERS = 4 << 20;

    private final List<PendingSend> batch;
    private int events;
    private long characters;

    /**
     * @param batch empty
     */
    BatchRoom(List<PendingSend> batch) {
        this.batch = batch;
    }

    /**
     * Adds a send to the batch. Call it before the send leaves its queue, so that an {@link Error} loses no send.
     *
     * @return false if the send does not fit; no later one does either
     */
    boolean take(PendingSend send) {
        events += send.events().size();
        characters += send.characters();
        return (batch.isEmpty() || (events <= MAX_EVENTS && characters <= MAX_CHARACTERS)) && batch.add(send);
    }
}
