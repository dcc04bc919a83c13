package dev.eventstream.admin.action;

import com.codahale.metrics.Meter;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.TrimLimit;

/**
 * One trim of a channel, in bounded transactions, oldest events first, so a failure half way leaves a shorter log.
 *
 * <p>Confined to one thread.
 */
public final class ChannelTrim {
    /** Most events that one transaction removes. */
    public static final int BATCH = 1_000;

    private final EventStore store;
    private final Meter trimmed;
    private final ChannelName channel;
    private final TrimLimit keep;
    private long removed;
    private boolean isDone;

    /**
     * @param trimmed counts the events that are removed
     * @param keep determines which events stay
     */
    public ChannelTrim(EventStore store, Meter trimmed, ChannelName channel, TrimLimit keep) {
        this.store = store;
        this.trimmed = trimmed;
        this.channel = channel;
        this.keep = keep;
    }

    /**
     * Removes the events.
     *
     * @throws dev.eventstream.store.EventStoreException if the database fails
     */
    public void run() {
        int batch = BATCH;
        while (batch == BATCH) {
            batch = store.trim(channel, keep, BATCH);
            removed += batch;
            trimmed.mark(batch);
        }
        isDone = true;
    }

    /** How many events have been removed. */
    public long removed() {
        return removed;
    }

    /** Whether all events that had to go have been removed. */
    public boolean isDone() {
        return isDone;
    }
}
