package dev.eventstream.publisher;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.publisher.PendingSend.Turn;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
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
import org.jspecify.annotations.Nullable;

/**
 * The sends of a {@link GroupCommit} that are not done yet, and the turns of their senders.
 *
 * <p>A send waits for the leader, or for a locked channel, or is taken into a batch. The first sender in each of the two
 * queues gets a turn as soon as it is free: to lead, or to probe locked channels.
 *
 * <p>Thread-safe. The lock is never held while the store works.
 */
final class SendQueue {
    /** Events in one commit, unless a single sender brings more. */
    static final int MAX_BATCH = 500;

    /** Characters of data in one commit, unless a single sender brings more. */
    static final int MAX_CHARACTERS = 4 << 20;

    private final Duration timeout;
    private final Ticker ticker;

    // guarded by this; a send is in one of the three until it is done
    private final NavigableSet<PendingSend> waiting = new TreeSet<>();
    private final LockedChannels locked = new LockedChannels();
    private final Set<PendingSend> taken = new HashSet<>();

    // guarded by this
    private long arrivals;
    private @Nullable PendingSend leader;
    private @Nullable PendingSend prober;

    /**
     * @param timeout how long a send may wait
     */
    SendQueue(Duration timeout, Ticker ticker) {
        this.timeout = timeout;
        this.ticker = ticker;
    }

    // ---- what waits

    /** The sends that have been waiting for longer than that. */
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
        Optional<ChannelName> channel = locked.lockedOf(send);
        channel.ifPresent(name -> {
            locked.add(send, name);
            notifyAll();
        });
        return channel.isPresent();
    }

    private void giveTurns() {
        if (leader == null && !waiting.isEmpty()) {
            leader = waiting.first();
            leader.give(Turn.LEAD);
        }
        if (prober == null) {
            prober = locked.next(ticker.read())
                    .map(due -> locked.sendsTo(due.channel()).first())
                    .orElse(null);
            if (prober != null) {
                prober.give(Turn.PROBE);
            }
        }
    }

    synchronized void endLead() {
        leader = null;
        giveTurns();
    }

    synchronized void endProbe() {
        prober = null;
        giveTurns();
    }

    /** Removes a send whose sender waits for it no longer, with its turn. */
    synchronized void remove(PendingSend send) {
        waiting.remove(send);
        locked.remove(send);
        leader = leader == send ? null : leader;
        prober = prober == send ? null : prober;
        giveTurns();
    }

    /** How much of the send's time is left; zero if it is late. */
    long nanosLeft(PendingSend send) {
        return Math.max(0, send.since() + timeout.toNanos() - ticker.read());
    }

    /** Takes the send's events back, unless they are part of an append or its sender has a turn. */
    synchronized void takeBackIfLate(PendingSend send) {
        if (nanosLeft(send) > 0 || send.hasTurn()) {
            return;
        }
        Optional<ChannelName> channel = locked.channelOf(send);
        if (channel.isPresent()) {
            locked.remove(send);
            send.fail(lockTimeout(send, channel.get()));
        } else if (waiting.remove(send)) {
            send.fail(new EventStoreException(send + " were not stored: waited " + waitedMillis(send)
                    + " ms for the database to store earlier sends; eventStream.sendTimeout allows no more"));
        }
    }

    private EventStoreException lockTimeout(PendingSend send, ChannelName channel) {
        return new EventStoreException(send + " were not stored: waited " + waitedMillis(send) + " ms for channel \""
                + channel + "\", which another transaction keeps locked; eventStream.sendTimeout allows no more");
    }

    private long waitedMillis(PendingSend send) {
        return TimeUnit.NANOSECONDS.toMillis(ticker.read() - send.since());
    }

    /** Fails the send, unless its sender has a turn: that cannot be refused, for no other sender has it. */
    synchronized void giveUp(PendingSend send, String reason, Exception cause) {
        if (!send.hasTurn()) {
            boolean isTakenBack = waiting.remove(send) || locked.remove(send);
            send.fail(new EventStoreException(
                    send + (isTakenBack ? " were not stored: " : " may have been stored or not: ") + reason,
                    isTakenBack ? Outcome.NOT_STORED : Outcome.UNKNOWN,
                    cause));
        }
    }

    // ---- the leader

    /** Whether the leader's own send still waits for the leader. */
    synchronized boolean needsLeader(PendingSend own) {
        takeBackIfLate(own);
        return waiting.contains(own);
    }

    /** Moves the first of the waiting sends to a batch, and sets those aside whose channels are locked. */
    synchronized void takeWaiting(List<PendingSend> batch) {
        Room room = new Room(batch);
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
     * Waits until a locked channel is to be tried.
     *
     * @return none if the prober's own send waits for no lock any longer
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
                return Optional.of(new Probe(next.channel(), locked.channels(), locked.isOnlyFor(next.channel())));
            }
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(pause, nanosLeft(own)));
        }
    }

    /**
     * A locked channel that is to be tried.
     *
     * @param of how many channels are to be tried in turn
     * @param isAlone whether none of its sends has other channels
     */
    record Probe(ChannelName channel, int of, boolean isAlone) {}

    /** Moves the first of the sends that wait for the channel to a batch. */
    synchronized void takeLocked(ChannelName channel, List<PendingSend> batch) {
        Room room = new Room(batch);
        for (PendingSend send : List.copyOf(locked.sendsTo(channel))) {
            if (!room.take(send)) {
                break;
            }
            taken.add(send);
            locked.remove(send);
        }
    }

    /** What a batch has room for. A send is in the batch before it leaves its queue, so an {@link Error} loses none. */
    private static final class Room {
        private final List<PendingSend> batch;
        private int events;
        private long characters;

        Room(List<PendingSend> batch) {
            this.batch = batch;
        }

        boolean take(PendingSend send) {
            events += send.events().size();
            characters += send.characters();
            return (batch.isEmpty() || (events <= MAX_BATCH && characters <= MAX_CHARACTERS)) && batch.add(send);
        }
    }

    // ---- what became of a batch

    /** Channels that were appended to are not locked: what waits for them need not be set aside any longer. */
    synchronized void release(List<PendingSend> stored) {
        if (!locked.isEmpty()) {
            stored.forEach(send -> waiting.addAll(locked.release(send.channels())));
            giveTurns();
        }
    }

    /** Sets aside those of a batch that were refused because channels are locked. */
    synchronized void block(List<PendingSend> refused, Set<ChannelName> channels) {
        long now = ticker.read();
        Set<ChannelName> failed = new HashSet<>();
        for (PendingSend send : refused) {
            ChannelName channel = lockedOne(send, channels);
            if (failed.add(channel)) {
                locked.failed(channel, now);
            }
            if (send.isDone()) {
                continue; // its sender was interrupted
            }
            if (nanosLeft(send) == 0) {
                send.fail(lockTimeout(send, channel));
            } else {
                taken.remove(send);
                locked.add(send, channel);
            }
        }
        giveTurns();
        notifyAll();
    }

    // one suffices: another that is locked, too, is found when this one is free
    private ChannelName lockedOne(PendingSend send, Set<ChannelName> channels) {
        return locked.lockedOf(send)
                .filter(channels::contains)
                .or(() -> send.channels().stream().filter(channels::contains).findFirst())
                .orElseGet(() -> send.channels().iterator().next());
    }

    /** Fails sends that something unforeseen happened to. */
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
