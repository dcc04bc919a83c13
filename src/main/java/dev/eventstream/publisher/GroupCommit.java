package dev.eventstream.publisher;

import com.google.common.base.Ticker;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.publisher.BatchCommit.Storing;
import dev.eventstream.publisher.PendingSend.Turn;
import dev.eventstream.store.EventStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets concurrent senders share commits: while one of them commits a batch, the others gather in the next.
 *
 * <p>It has no thread. The first sender that finds no other sender committing leads: it commits what has gathered, in order
 * of arrival, until its own events are stored, and then hands the lead to the sender that has waited longest. A batch that
 * fails is tried again sender by sender, so that a bad event fails only its own sender. It is not tried again if its outcome is
 * unknown, because it may be in the log already, or after a sixth of the send timeout, because then the database is at fault.
 *
 * <p>A channel that another transaction keeps locked delays only its own senders. The leader waits for a lock for
 * {@link #LEADER_LOCK_WAIT} at most, then sets the sends to that channel aside and commits the others. For the next
 * {@link #LOCK_WAIT_EVERY} it does not wait for any lock. Further sends to the channel are set aside on arrival. One of the
 * senders that wait for locked channels is the prober: while the leader commits, it tries these channels in turn. The pause between
 * two attempts grows, and the prober holds no connection during it. Once an append to a channel succeeds, the channel's
 * remaining sends return to the others, in order of arrival.
 *
 * <p>Order. Sends to one channel are committed in order of arrival, with one exception: while a send to several channels waits
 * for a locked one, later sends overtake it on the others. Concurrent sends have no order, and a locked channel
 * must not delay senders to other channels.
 *
 * <p>A sender waits for the send timeout at most and then takes its events back, so they are certainly not stored. If they
 * are part of an append at that moment, the sender waits for the outcome of this append, {@link #RESOLUTION} at most. Since no append
 * waits for locks for long, the outcome is unknown only if the database hangs. A sender that is interrupted takes its events
 * back, too, but does not wait for the outcome of an append. While a sender leads, an interrupt has to wait, because others
 * depend on the thread.
 *
 * <p>The number of waiting sends is bounded by the number of sending threads. Thread-safe; no lock is held while the store
 * works.
 */
final class GroupCommit {
    /** How long the leader waits for locks: longer than a commit of another node to the same channel takes. */
    static final Duration LEADER_LOCK_WAIT = Duration.ofMillis(20);

    /** For how long the leader waits for no lock after it has waited for one in vain. */
    static final Duration LOCK_WAIT_EVERY = Duration.ofMillis(200);

    /** How long the prober waits for the lock of one channel, divided among the channels that it tries. */
    static final Duration PROBER_LOCK_WAIT = Duration.ofMillis(50);

    /** How long after the send timeout a sender waits for the outcome of an append that has begun. */
    static final Duration RESOLUTION = Duration.ofSeconds(30);

    private static final String INTERRUPTED = "the sending thread was interrupted";

    private final SendTimeout timeout;
    private final Duration resolution;
    private final Ticker ticker;
    private final SendQueue queue;
    private final BatchCommit batches;

    // written by the leader
    private volatile @Nullable Long waitedInVainAt;

    /**
     * @param timeout how long a sender waits
     */
    GroupCommit(Duration timeout, Ticker ticker) {
        this(timeout, RESOLUTION, ticker);
    }

    GroupCommit(Duration timeout, Duration resolution, Ticker ticker) {
        this.resolution = resolution;
        this.ticker = ticker;
        this.timeout = new SendTimeout(timeout, ticker);
        this.queue = new SendQueue(this.timeout, ticker);
        this.batches = new BatchCommit(queue, timeout.dividedBy(6), ticker);
    }

    /** The sends that are not done. */
    SendQueue queue() {
        return queue;
    }

    /**
     * Stores the events in one transaction, perhaps together with those of other senders.
     *
     * @param events at least one
     * @param storing stores a batch; the same for all senders
     * @throws EventStoreException if they could not be stored, or the sender timed out or was interrupted
     */
    List<Event> run(List<NewEvent> events, Storing storing) {
        PendingSend send = new PendingSend(events, ticker.read());
        queue.add(send);
        try {
            for (Turn turn = awaitTurn(send); turn != Turn.DONE; turn = awaitTurn(send)) {
                if (turn == Turn.LEAD) {
                    lead(send, storing);
                } else {
                    probe(send, storing);
                }
            }
        } finally {
            if (!send.isDone()) {
                queue.remove(send); // an Error ends this thread
            }
        }
        return send.result();
    }

    private Turn awaitTurn(PendingSend send) {
        try {
            return send.takeTurn(timeout.nanosLeft(send));
        } catch (TimeoutException e) {
            return awaitOutcome(send);
        } catch (InterruptedException e) {
            return interrupted(send, e);
        }
    }

    private Turn awaitOutcome(PendingSend send) {
        queue.takeBackIfLate(send);
        try {
            return send.takeTurn(resolution.toNanos());
        } catch (TimeoutException e) {
            queue.giveUp(
                    send, "the database has not answered " + resolution.toMillis() + " ms after the send timeout", e);
            return send.takeTurn();
        } catch (InterruptedException e) {
            return interrupted(send, e);
        }
    }

    private Turn interrupted(PendingSend send, InterruptedException cause) {
        Thread.currentThread().interrupt();
        queue.giveUp(send, INTERRUPTED, cause);
        return send.takeTurn();
    }

    private void lead(PendingSend own, Storing storing) {
        try {
            while (queue.needsLeader(own)) {
                Duration maxLockWait = leaderLockWait();
                if (commitNext(queue::takeWaiting, storing, maxLockWait) && !maxLockWait.isZero()) {
                    waitedInVainAt = ticker.read();
                }
            }
        } finally {
            queue.endLead();
        }
    }

    private Duration leaderLockWait() {
        Long inVain = waitedInVainAt;
        return inVain != null && ticker.read() - inVain < LOCK_WAIT_EVERY.toNanos() ? Duration.ZERO : LEADER_LOCK_WAIT;
    }

    private void probe(PendingSend own, Storing storing) {
        try {
            for (Optional<Probe> next = queue.awaitProbe(own); next.isPresent(); next = queue.awaitProbe(own)) {
                Probe probe = next.get();
                commitNext(batch -> queue.takeLocked(probe.channel(), batch), storing, proberLockWait(probe));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            queue.giveUp(own, INTERRUPTED, e);
        } finally {
            queue.endProbe();
        }
    }

    // while a send to several channels waits for one lock, it would keep the other channels locked
    private static Duration proberLockWait(Probe probe) {
        return probe.isAlone() ? PROBER_LOCK_WAIT.dividedBy(probe.of()) : Duration.ZERO;
    }

    /**
     * @return whether a lock was in the way
     */
    private boolean commitNext(Consumer<List<PendingSend>> take, Storing storing, Duration maxLockWait) {
        List<PendingSend> batch = new ArrayList<>();
        try {
            take.accept(batch);
            return !batch.isEmpty() && batches.commit(batch, storing, maxLockWait);
        } catch (RuntimeException | Error e) { // no memory for a batch, or for what follows a failure
            queue.fail(batch, e);
            if (batch.isEmpty()) {
                throw e;
            }
            return false;
        } finally {
            queue.endBatch(batch);
        }
    }
}
