package dev.eventstream.store.memory;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A transaction of a {@link MemoryEventStore}. It rolls back when it is closed without a commit.
 *
 * <p>Confined to the thread that began it.
 */
public final class MemoryTransaction implements StoreTransaction, AutoCloseable {
    /** How long it waits for another that writes to the same channel. */
    static final int LOCK_SECONDS = 10;

    private final MemoryEventStore store;
    private final SortedMap<ChannelName, Draft> drafts = new TreeMap<>();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private boolean ended;

    MemoryTransaction(MemoryEventStore store) {
        this.store = store;
    }

    boolean isOf(MemoryEventStore other) {
        return store == other;
    }

    boolean isOpen() {
        return !ended;
    }

    /**
     * @throws IllegalStateException if it has ended
     */
    @Override
    public void afterCommit(Runnable callback) {
        requireOpen();
        afterCommit.add(callback);
    }

    Appended append(List<NewEvent> events) {
        requireOpen();
        new TreeSet<>(events.stream().map(NewEvent::channel).toList()).forEach(this::lock);
        return store.position(events, drafts);
    }

    private void lock(ChannelName channel) {
        if (!drafts.containsKey(channel)) {
            MemoryLog log = store.log(channel);
            awaitTurn(channel, log);
            drafts.put(channel, new Draft(log));
        }
    }

    private static void awaitTurn(ChannelName channel, MemoryLog log) {
        try {
            if (!log.writer.tryAcquire(LOCK_SECONDS, TimeUnit.SECONDS)) {
                throw new EventStoreException(
                        "another transaction kept channel \"" + channel + "\" locked for longer than " + LOCK_SECONDS
                                + " s",
                        new TimeoutException());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventStoreException("interrupted while it waited for channel \"" + channel + '"', e);
        }
    }

    /**
     * Makes its events part of the log, then runs the callbacks.
     *
     * @throws IllegalStateException if it has ended
     */
    public void commit() {
        requireOpen();
        store.commit(drafts.values());
        end();
        afterCommit.forEach(Runnable::run);
    }

    /** Rolls back, unless it has ended. */
    @Override
    public void close() {
        if (!ended) {
            end();
        }
    }

    private void end() {
        ended = true;
        drafts.values().forEach(draft -> draft.log().writer.release());
    }

    private void requireOpen() {
        if (ended) {
            throw new IllegalStateException("the transaction has ended, so nothing could be sent within it");
        }
    }
}
