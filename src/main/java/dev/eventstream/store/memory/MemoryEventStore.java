package dev.eventstream.store.memory;

import static java.util.Objects.requireNonNull;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.Epochs;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StoreTransaction;
import dev.eventstream.store.TrimLimit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Keeps the log of each channel in memory: for tests, and for channels that are to replay their newest events but need not
 * be durable. It can keep the last so many events of each channel; what is older is trimmed with the commit that makes it so,
 * and a reader whose position is gone is told, as of any trimmed position.
 *
 * <p>Everything is lost with the process, and other nodes see none of it. A channel is never forgotten, and takes a few
 * hundred bytes when all of its events are trimmed; so the names should not be of a reader's choosing.
 *
 * <p>Thread-safe. A transaction has its channels to itself until it ends; one append takes them in the order of their names,
 * so only transactions that append more than once can block one another, and then one of them fails after
 * {@link #MAX_LOCK_WAIT}.
 */
public final class MemoryEventStore implements EventStore {
    private final Clock clock;
    private final int keep;

    // guarded by this; a channel's writer is always taken before it, never after
    private final Map<ChannelName, MemoryLog> logs = new HashMap<>();

    private MemoryEventStore(Clock clock, int keep) {
        this.clock = clock;
        this.keep = keep;
    }

    /**
     * Keeps every event until it is trimmed by age.
     *
     * @param clock tells when events are sent, which is what {@link #trim} goes by
     */
    public MemoryEventStore(Clock clock) {
        this(clock, Integer.MAX_VALUE);
    }

    /**
     * Keeps the last events of each channel.
     *
     * @param events how many; 1 or more
     * @param clock as of {@link #MemoryEventStore(Clock)}
     * @throws IllegalArgumentException if {@code events} is less than 1
     */
    public static MemoryEventStore keepingLast(int events, Clock clock) {
        if (events < 1) {
            throw new IllegalArgumentException("the last " + events + " events are to be kept; allowed is 1 or more");
        }
        return new MemoryEventStore(clock, events);
    }

    @Override
    public Appended append(List<NewEvent> events, Duration maxLockWait) {
        try (MemoryTransaction transaction = new MemoryTransaction(this, maxLockWait)) {
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
        if (transaction instanceof MemoryTransaction ours && ours.isOf(this)) {
            return ours.append(events);
        }
        throw new IllegalArgumentException("this store cannot send within a "
                + transaction.getClass().getName() + " that it has not begun itself");
    }

    @Override
    public boolean isUncommitted(StoreTransaction transaction, Event event) {
        return transaction instanceof MemoryTransaction ours && ours.isOf(this) && ours.isOpen();
    }

    /** Begins a transaction. Whoever does so closes it. */
    public MemoryTransaction begin() {
        return new MemoryTransaction(this, MAX_LOCK_WAIT);
    }

    synchronized MemoryLog log(ChannelName channel) {
        return logs.computeIfAbsent(channel, name -> new MemoryLog(Epochs.next()));
    }

    /** Gives the events their positions in the drafts of their channels, all of which there are. */
    synchronized Appended position(List<NewEvent> events, Map<ChannelName, Draft> drafts) {
        Instant now = clock.instant();
        List<Event> added = new ArrayList<>();
        List<Event> stored = new ArrayList<>();
        for (NewEvent event : events) {
            stored.add(requireNonNull(drafts.get(event.channel())).add(event, now, added::add));
        }
        return new Appended(stored, added);
    }

    synchronized void commit(Collection<Draft> drafts) {
        for (Draft draft : drafts) {
            draft.commit();
            while (draft.log().size() > keep) {
                draft.log().trimFirst();
            }
        }
    }

    @Override
    public synchronized EventPage readAfter(ChannelName channel, EventId after, PageLimit limit) {
        MemoryLog log = logs.get(channel);
        if (log == null) {
            return after.isNone()
                    ? new EventPage.Range(List.of(), false)
                    : new EventPage.PositionUnavailable(EventId.NONE);
        }
        return log.readAfter(after, limit);
    }

    @Override
    public synchronized Map<ChannelName, EventId> newest(Collection<ChannelName> channels) {
        Map<ChannelName, EventId> newest = new HashMap<>();
        for (ChannelName channel : channels) {
            MemoryLog log = logs.get(channel);
            newest.put(channel, log == null ? EventId.NONE : log.newest());
        }
        return newest;
    }

    @Override
    public synchronized int trim(Instant before, int batch) {
        requireSome(batch);
        PriorityQueue<MemoryLog> oldest = new PriorityQueue<>(Comparator.comparing(MemoryLog::oldestAt));
        logs.values().stream().filter(log -> log.oldestAt().isBefore(before)).forEach(oldest::add);
        int trimmed = 0;
        for (MemoryLog log = oldest.poll(); log != null && trimmed < batch; log = oldest.poll()) {
            log.trimFirst();
            trimmed++;
            if (log.oldestAt().isBefore(before)) {
                oldest.add(log);
            }
        }
        return trimmed;
    }

    @Override
    public synchronized int trim(ChannelName channel, TrimLimit wanted, int batch) {
        requireSome(batch);
        MemoryLog log = logs.get(channel);
        int trimmed = 0;
        while (log != null && trimmed < batch && log.exceeds(wanted)) {
            log.trimFirst();
            trimmed++;
        }
        return trimmed;
    }

    @Override
    public synchronized List<ChannelStats> stats(String after, int limit) {
        return logs.entrySet().stream()
                .filter(log -> log.getKey().value().compareTo(after) > 0)
                .sorted(Map.Entry.comparingByKey())
                .limit(limit)
                .map(log -> new ChannelStats(
                        log.getKey(), log.getValue().size(), log.getValue().oldestAt()))
                .toList();
    }

    private static void requireSome(int batch) {
        if (batch < 1) {
            throw new IllegalArgumentException("a trim of " + batch + " events; allowed is 1 or more");
        }
    }

    /** Passes always. */
    @Override
    public void check() {
        // memory is always there
    }
}
