package dev.eventstream.store.memory;

import com.google.common.base.Stopwatch;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.ChannelLockedException;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.StoreTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
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
    private final MemoryLogs logs;
    private final Duration maxLockWait;
    private final SortedMap<ChannelName, Draft> drafts = new TreeMap<>();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private boolean ended;

    /**
     * @param maxLockWait how long one append waits for other transactions that write to its channels
     */
    MemoryTransaction(MemoryLogs logs, Duration maxLockWait) {
        this.logs = logs;
        this.maxLockWait = maxLockWait;
    }

    boolean isOf(MemoryLogs others) {
        return logs == others;
    }

    /** Whether the event is one that it will add to the log. */
    boolean contains(Event event) {
        Draft draft = drafts.get(event.channel());
        return !ended && draft != null && draft.contains(event);
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
        lock(new TreeSet<>(events.stream().map(NewEvent::channel).toList()));
        return logs.add(events, drafts);
    }

    private void lock(SortedSet<ChannelName> channels) {
        Stopwatch waited = Stopwatch.createStarted();
        for (ChannelName channel : channels) {
            if (!drafts.containsKey(channel)) {
                MemoryLog log = logs.log(channel);
                if (!lock(channel, log, maxLockWait.minus(waited.elapsed()))) {
                    throw new ChannelLockedException(locked(channels), new TimeoutException());
                }
                drafts.put(channel, new Draft(log));
            }
        }
    }

    /** Opens a finished channel again at once, and not only with the commit. */
    void reopen(ChannelName channel) {
        lock(new TreeSet<>(List.of(channel)));
        logs.reopen(channel);
    }

    /** Where the log of each channel ends, including the events that this transaction will add. */
    Map<ChannelName, LogEnd> ends(Collection<ChannelName> channels) {
        requireOpen();
        Map<ChannelName, LogEnd> ends = logs.ends(channels);
        ends.replaceAll((channel, committed) ->
                Optional.ofNullable(drafts.get(channel)).map(Draft::end).orElse(committed));
        return ends;
    }

    private static boolean lock(ChannelName channel, MemoryLog log, Duration longest) {
        try {
            return log.writer.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventStoreException("interrupted while waiting for channel \"" + channel + '"', e);
        }
    }

    /** The channels that others have locked; all of them if none is still locked. */
    private List<ChannelName> locked(SortedSet<ChannelName> channels) {
        List<ChannelName> locked = channels.stream()
                .filter(channel -> !drafts.containsKey(channel))
                .filter(channel -> logs.log(channel).writer.availablePermits() == 0)
                .toList();
        return locked.isEmpty() ? List.copyOf(channels) : locked;
    }

    /**
     * Adds its events to the log, then runs the callbacks.
     *
     * @throws IllegalStateException if it has ended
     */
    public void commit() {
        requireOpen();
        logs.commit(drafts.values());
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
