package dev.eventstream.publisher;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The sends of a {@link GroupCommit} that are not done yet.
 *
 * <p>A send waits for a leader, waits for a locked channel, or is part of a batch. Whenever a turn is free, the first sender
 * of its queue gets it: to lead, or to probe locked channels.
 *
 * <p>Thread-safe. The lock is never held while the store works.
 */
final class SendQueue {
    private final SendTimeout timeout;
    private final Ticker ticker;

    // guarded by this; each send is in one of the three until it is done
    private final NavigableSet<PendingSend> waiting = new TreeSet<>();
    private final LockedChannels locked = new LockedChannels();
    private final Set<PendingSend> taken = new HashSet<>();

    // guarded by this
    private final SenderTurns turns = new SenderTurns();
    private long arrivals;

    /**
     * @param timeout by the same ticker
     */
    SendQueue(SendTimeout timeout, Ticker ticker) {
        this.timeout = timeout;
        this.ticker = ticker;
    }

    // ---- what waits

    /** Describes the sends that have been waiting for longer than a time, if there are any. */
    synchronized Optional<WaitingSends> waitingLongerThan(Duration time) {
        long now = ticker.read();
        List<PendingSend> late =
                pending().filter(send -> now - send.since() > time.toNanos()).toList();
        return late.stream()
                .max(Comparator.comparingLong(send -> now - send.since()))
                .map(first -> {
                    Optional<ChannelName> channel = locked.channelOf(first);
                    return new WaitingSends(
                            late.size(),
                            Duration.ofNanos(now - first.since()),
                            channel.orElseGet(() -> first.channels().iterator().next()),
                            channel.isPresent());
                });
    }

    /** How many sends are not done. */
    synchronized int size() {
        return (int) pending().count();
    }

    /** How many sends wait for locked channels. */
    synchronized int waitingForLocks() {
        return locked.waiting();
    }

    private Stream<PendingSend> pending() {
        return Stream.of(waiting.stream(), locked.sends(), taken.stream()).flatMap(sends -> sends);
    }

    // ---- coming and going

    synchronized void add(PendingSend send) {
        send.arriveAs(++arrivals);
        if (!setAside(send)) {
            waiting.add(send);
        }
        giveTurns();
    }

    private boolean setAside(PendingSend send) {
        boolean isLocked = locked.addIfLocked(send);
        if (isLocked) {
            notifyAll();
        }
        return isLocked;
    }

    private void giveTurns() {
        turns.give(waiting, locked, ticker.read());
    }

    synchronized void endLead() {
        turns.endLead();
        giveTurns();
    }

    synchronized void endProbe() {
        turns.endProbe();
        giveTurns();
    }

    /** Removes a send whose sender no longer waits for it, and takes its turn from it. */
    synchronized void remove(PendingSend send) {
        waiting.remove(send);
        locked.remove(send);
        turns.end(send);
        giveTurns();
    }

    /** Takes the send's events back, unless they are part of an append or its sender has a turn. */
    synchronized void takeBackIfLate(PendingSend send) {
        if (!timeout.isLate(send) || send.hasTurn()) {
            return;
        }
        Optional<ChannelName> channel = locked.channelOf(send);
        if (channel.isPresent()) {
            locked.remove(send);
            send.fail(timeout.lockedTooLong(send, channel.get()));
        } else if (waiting.remove(send)) {
            send.fail(timeout.queuedTooLong(send));
        }
    }

    /** Fails the send, unless its sender has a turn. No other sender would take that turn. */
    synchronized void giveUp(PendingSend send, String reason, Exception cause) {
        if (!send.hasTurn()) {
            boolean isTakenBack = waiting.remove(send) || locked.remove(send);
            send.abandon(isTakenBack, reason, cause);
        }
    }

    // ---- the leader

    /** Whether the leader's own send still waits for the leader. */
    synchronized boolean needsLeader(PendingSend own) {
        takeBackIfLate(own);
        return waiting.contains(own);
    }

    /** Moves the first waiting sends to a batch, and sets aside those whose channels are locked. */
    synchronized void takeWaiting(List<PendingSend> batch) {
        BatchRoom room = new BatchRoom(batch);
        for (Iterator<PendingSend> sends = waiting.iterator(); sends.hasNext(); ) {
            PendingSend send = sends.next();
            if (!setAside(send)) {
                if (!room.take(send)) {
                    break;
                }
                taken.add(send);
            }
            sends.remove();
        }
        giveTurns();
    }

    // ---- the prober

    /**
     * Waits until it is time to try a locked channel.
     *
     * @return empty if the prober's own send no longer waits for a lock
     */
    synchronized Optional<Probe> awaitProbe(PendingSend own) throws InterruptedException {
        while (true) {
            takeBackIfLate(own);
            if (locked.channelOf(own).isEmpty()) {
                return Optional.empty();
            }
            long now = ticker.read();
            LockedChannels.Due next = locked.next(now).orElseThrow();
            long pause = next.at() - now;
            if (pause <= 0) {
                return Optional.of(locked.probe(next.channel()));
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(pause, timeout.nanosLeft(own)));
        }
    }

    /** Moves the first sends that wait for the channel to a batch. */
    synchronized void takeLocked(ChannelName channel, List<PendingSend> batch) {
        BatchRoom room = new BatchRoom(batch);
        for (PendingSend send : List.copyOf(locked.sendsTo(channel))) {
            if (!room.take(send)) {
                break;
            }
            taken.add(send);
            locked.remove(send);
        }
    }

    // ---- what became of a batch

    /** Moves the sends that wait for the channels of this batch back to the others, because these channels are free again. */
    synchronized void release(List<PendingSend> batch) {
        if (!locked.isEmpty()) {
            batch.forEach(send -> waiting.addAll(locked.release(send.channels())));
            giveTurns();
        }
    }

    /** Sets aside the sends of a batch that were refused because channels are locked. */
    synchronized void block(List<PendingSend> refused, Set<ChannelName> channels) {
        long now = ticker.read();
        Set<ChannelName> failed = new HashSet<>();
        for (PendingSend send : refused) {
            ChannelName channel = locked.oneOf(send, channels);
            if (failed.add(channel)) {
                locked.failed(channel, now);
            }
            if (send.isDone()) {
                continue; // its sender was interrupted
            }
            if (timeout.isLate(send)) {
                send.fail(timeout.lockedTooLong(send, channel));
            } else {
                taken.remove(send);
                locked.add(send, channel);
            }
        }
        giveTurns();
        notifyAll();
    }

    /** Fails the sends of a batch after an unexpected failure. */
    synchronized void fail(List<PendingSend> batch, Throwable cause) {
        for (PendingSend send : batch) {
            waiting.remove(send);
            locked.remove(send);
            send.fail(cause);
        }
    }

    /** Ends a batch: its sends are done, or set aside. */
    synchronized void endBatch(List<PendingSend> batch) {
        batch.stream().filter(PendingSend::isDone).forEach(taken::remove);
    }
}
