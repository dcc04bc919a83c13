package dev.eventstream.publisher;

import com.google.common.base.Ticker;
import com.google.common.collect.Sets;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.ChannelLockedException;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Commits batches of sends for a {@link GroupCommit}. However a commit ends, each send of the batch is then done, or set
 * aside because one of its channels is locked.
 *
 * <p>Thread-safe.
 */
final class BatchCommit {
    private final SendQueue queue;
    private final Duration longestRetry;
    private final Ticker ticker;

    /** Stores a batch. */
    @FunctionalInterface
    interface Storing {
        /**
         * Stores the events in one transaction, all or none.
         *
         * @return the events as stored, in the same order
         */
        List<Event> store(List<NewEvent> events, Duration maxLockWait);
    }

    /**
     * @param queue where sends are set aside
     * @param longestRetry for how long sends are tried one by one after a failure
     */
    BatchCommit(SendQueue queue, Duration longestRetry, Ticker ticker) {
        this.queue = queue;
        this.longestRetry = longestRetry;
        this.ticker = ticker;
    }

    /**
     * Commits a batch. Exceptions of the store go to the senders, not to the caller.
     *
     * @return whether a channel was locked
     */
    boolean commit(List<PendingSend> batch, Storing storing, Duration maxLockWait) {
        long start = ticker.read();
        try {
            succeed(batch, store(batch, storing, maxLockWait));
        } catch (ChannelLockedException e) {
            refused(batch, Set.copyOf(e.channels()), storing);
            return true;
        } catch (ChannelFinishedException e) {
            return finished(batch, storing, maxLockWait, start, e);
        } catch (EventStoreException e) {
            if (batch.size() > 1 && e.outcome() == Outcome.NOT_STORED) {
                return commitOneByOne(batch, storing, maxLockWait, start, e);
            }
            batch.forEach(send -> send.fail(e));
        } catch (RuntimeException | Error e) {
            batch.forEach(send -> send.fail(e));
        }
        return false;
    }

    private static List<Event> store(List<PendingSend> batch, Storing storing, Duration maxLockWait) {
        boolean isInterrupted = Thread.interrupted();
        try {
            return storing.store(
                    batch.stream().flatMap(send -> send.events().stream()).toList(), maxLockWait);
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void succeed(List<PendingSend> batch, List<Event> stored) {
        int from = 0;
        for (PendingSend send : batch) {
            int to = from + send.events().size();
            send.succeed(stored.subList(from, to));
            from = to;
        }
        queue.release(batch);
    }

    private boolean commitOneByOne(
            List<PendingSend> batch, Storing storing, Duration maxLockWait, long start, EventStoreException failure) {
        boolean isRefused = false;
        for (PendingSend send : batch) {
            if (ticker.read() - start > longestRetry.toNanos()) {
                send.fail(failure);
            } else if (!send.isDone()) {
                isRefused |= commit(List.of(send), storing, maxLockWait);
            }
        }
        return isRefused;
    }

    /**
     * Fails the sends to finished channels and commits the others together, so that a program that keeps sending to a finished channel
     * does not slow down the others. The store may still accept some sends to these channels; each of those is tried alone, in order.
     */
    private boolean finished(
            List<PendingSend> batch,
            Storing storing,
            Duration maxLockWait,
            long start,
            ChannelFinishedException failure) {
        queue.release(batch); // the store has had the locks of all channels
        Set<ChannelName> finished = Set.copyOf(failure.channels());
        Set<ChannelName> finishedHere = finished.stream()
                .filter(channel -> batch.stream().anyMatch(send -> send.ends(channel)))
                .collect(Collectors.toSet());
        List<PendingSend> free = new ArrayList<>();
        List<PendingSend> alone = new ArrayList<>();
        for (PendingSend send : batch) {
            if (Collections.disjoint(send.channels(), finished)) {
                free.add(send);
            } else if (batch.size() > 1
                    && (send.mayRepeat() || finishedHere.containsAll(Sets.intersection(send.channels(), finished)))) {
                alone.add(send);
            } else {
                send.fail(failure);
            }
        }
        boolean isRefused = commitOneByOne(alone, storing, maxLockWait, start, failure);
        return (!free.isEmpty() && commit(free, storing, maxLockWait)) || isRefused;
    }

    /** Sets aside the sends that need locked channels, and commits the others without waiting for further locks. */
    private void refused(List<PendingSend> batch, Set<ChannelName> locked, Storing storing) {
        List<PendingSend> free = batch.stream()
                .filter(send -> Collections.disjoint(send.channels(), locked))
                .toList();
        if (free.isEmpty() && batch.size() > 1 && locked.size() > 1) {
            // perhaps the database did not report which; each half has fewer channels
            int half = batch.size() / 2;
            commit(batch.subList(0, half), storing, Duration.ZERO);
            commit(batch.subList(half, batch.size()), storing, Duration.ZERO);
        } else if (free.isEmpty() || free.size() == batch.size()) {
            queue.block(batch, locked);
        } else {
            queue.block(batch.stream().filter(send -> !free.contains(send)).toList(), locked);
            commit(free, storing, Duration.ZERO);
        }
    }
}
