package dev.eventstream.store.memory;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StartLimit;
import dev.eventstream.store.StoreTransaction;
import dev.eventstream.store.TrimLimit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the log of each channel in memory: for tests, and for channels that replay their newest events but need not be
 * durable. It can limit the number of events in each channel. Older events are then trimmed by the commit that exceeds the
 * limit, and clients that resume from a trimmed position get {@code stream-reset}.
 *
 * <p>Everything is lost when the process ends, and other nodes do not see it. A channel is never removed. Without events it takes
 * a few hundred bytes, so do not let readers choose channel names.
 *
 * <p>Thread-safe. A transaction locks its channels until it ends. One append locks them in the order of their names, so only
 * transactions that append more than once can deadlock, and one of them then fails after {@link #MAX_LOCK_WAIT}.
 */
public final class MemoryEventStore implements EventStore {
    private final MemoryLogs logs;

    private MemoryEventStore(MemoryLogs logs) {
        this.logs = logs;
    }

    /**
     * Keeps every event until it is trimmed.
     *
     * @param clock stamps events with the time at which they are sent, by which {@link #trim} judges their age
     */
    public MemoryEventStore(Clock clock) {
        this(new MemoryLogs(clock, Integer.MAX_VALUE));
    }

    /**
     * Keeps the newest events of each channel.
     *
     * @param events how many; 1 or more
     * @param clock see {@link #MemoryEventStore(Clock)}
     * @throws IllegalArgumentException if {@code events} is less than 1
     */
    public static MemoryEventStore keepingLast(int events, Clock clock) {
        if (events < 1) {
            throw new IllegalArgumentException("the last " + events + " events are to be kept; allowed is 1 or more");
        }
        return new MemoryEventStore(new MemoryLogs(clock, events));
    }

    @Override
    public Appended append(List<NewEvent> events, Duration maxLockWait) {
        try (MemoryTransaction transaction = new MemoryTransaction(logs, maxLockWait)) {
            Appended appended = transaction.append(events);
            transaction.commit();
            return appended;
        }
    }

    /**
     * {@inheritDoc}
     *
     * @param transaction of this store; see {@link #begin}
     * @throws IllegalArgumentException if it is any other
     * @throws IllegalStateException if it has ended
     */
    @Override
    public Appended append(StoreTransaction transaction, List<NewEvent> events) {
        return own(transaction).append(events);
    }

    private MemoryTransaction own(StoreTransaction transaction) {
        if (transaction instanceof MemoryTransaction ours && ours.isOf(logs)) {
            return ours;
        }
        throw new IllegalArgumentException("this store cannot send within a "
                + transaction.getClass().getName() + " that it has not begun itself");
    }

    @Override
    public boolean isUncommitted(StoreTransaction transaction, Event event) {
        return transaction instanceof MemoryTransaction ours && ours.isOf(logs) && ours.contains(event);
    }

    /** Begins a transaction. The caller must close it. */
    public MemoryTransaction begin() {
        return new MemoryTransaction(logs, MAX_LOCK_WAIT);
    }

    @Override
    public EventPage readAfter(ChannelName channel, EventId after, PageLimit limit) {
        return logs.readAfter(channel, after, limit);
    }

    @Override
    public Map<ChannelName, EventId> newest(Collection<ChannelName> channels) {
        return logs.newest(channels);
    }

    @Override
    public Map<ChannelName, LogEnd> ends(Collection<ChannelName> channels) {
        return logs.ends(channels);
    }

    @Override
    public void reopen(ChannelName channel) {
        try (MemoryTransaction transaction = begin()) {
            transaction.reopen(channel);
        }
    }

    @Override
    public Optional<Map<ChannelName, EventId>> startPositions(Collection<ChannelName> channels, StartLimit limit) {
        return Optional.of(logs.starts(channels, limit));
    }

    /**
     * {@inheritDoc}
     *
     * <p>This store holds no other state to which the position could belong.
     *
     * @param transaction of this store; see {@link #begin}
     * @throws IllegalArgumentException if it is any other
     */
    @Override
    public Map<ChannelName, LogEnd> ends(StoreTransaction transaction, Collection<ChannelName> channels) {
        return own(transaction).ends(channels);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if {@code batch} is less than 1
     */
    @Override
    public int trim(Instant before, int batch) {
        requireSome(batch);
        return logs.trim(before, batch);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if {@code batch} is less than 1
     */
    @Override
    public int trim(ChannelName channel, TrimLimit keep, int batch) {
        requireSome(batch);
        return logs.trim(channel, keep, batch);
    }

    private static void requireSome(int batch) {
        if (batch < 1) {
            throw new IllegalArgumentException("a trim of " + batch + " events; allowed is 1 or more");
        }
    }

    @Override
    public List<ChannelStats> stats(String after, int limit) {
        return logs.stats(after, limit);
    }

    /** Does nothing: memory can always be read. */
    @Override
    public void check() {
        // memory can always be read
    }
}
