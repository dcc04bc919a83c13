package dev.eventstream.control;

import com.google.common.base.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What waits for one proxy: kicks, repairs and events.
 *
 * <p>All three are bounded. When the events exceed their limit, repairs of their channels replace all of them. A channel that
 * waits for a hint needs no further stored events, because the hint brings them as well. The announcement of the newest of these
 * waits for the hint; see {@link ReplacedEvents}. A request to recover everything replaces kicks beyond {@value Kicks#MAX}, since
 * the authorizer is asked again about each stream that recovers.
 *
 * <p>Thread-safe. The lock is held for memory operations only; announcements are completed outside it.
 */
final class LaneQueue {
    private final LaneLimits limits;
    private final int maxItemBytes;
    private final Ticker ticker;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by the lock
    private final QueuedEvents events = new QueuedEvents();
    private final Repairs repairs;
    private final Kicks kicks = new Kicks();
    private boolean stopping;
    private boolean closed;

    /**
     * @param maxItemBytes bytes of the longest item that the transport can carry
     */
    LaneQueue(LaneLimits limits, int maxItemBytes, ItemEncoder encoder, Ticker ticker) {
        this.limits = limits;
        this.maxItemBytes = maxItemBytes;
        this.repairs = new Repairs(encoder);
        this.ticker = ticker;
    }

    /** What happened to an event that was offered. */
    enum Outcome {
        QUEUED,
        /** Its channel waits for a hint, which brings it. */
        COVERED,
        /** It is too long for the transport; its channel is repaired. */
        TOO_LONG,
        /** The queue was full; repairs replace all events in it. */
        OVERFLOW,
        /** The lane has ended. */
        CLOSED
    }

    // ---- any thread

    /** Appends an event, or replaces it with a repair. */
    Outcome offer(ProxyItem event, Announcement announcement) {
        List<Announcement> settled = new ArrayList<>();
        Outcome outcome = locked(() -> put(new QueuedItem(event, announcement), settled));
        if (outcome == Outcome.CLOSED) {
            announcement.abandoned();
        }
        settled.forEach(Announcement::done);
        return outcome;
    }

    /** Adds a kick, to be sent when it is due. */
    void kick(List<ProxyItem> items, long dueNanos) {
        update(() -> addKick(items, dueNanos));
    }

    /** Ends all waiting in {@link #await}, and makes every kick due. */
    void stop() {
        update(() -> {
            stopping = true;
            kicks.makeAllDue();
        });
    }

    /** Refuses further events, and fails all announcements that wait; returns the number of events. */
    int close() {
        List<QueuedItem> left = locked(() -> {
            closed = true;
            return events.takeAll();
        });
        left.forEach(QueuedItem::abandoned);
        locked(repairs::takeReplaced).abandoned();
        return left.size();
    }

    /** How many events wait. */
    int queuedEvents() {
        return locked(events::size);
    }

    /** How many channels wait for a repair. */
    int queuedRepairs() {
        return locked(repairs::size);
    }

    /** How many resets were lost since the start. */
    long lostResets() {
        return locked(repairs::lostResets);
    }

    // ---- the lane's thread

    /** Repairs the channel of an item that was delivered and may have been lost. */
    void repairFor(ProxyItem item) {
        update(() -> repairs.add(item));
    }

    /** Replaces an event that cannot be delivered. */
    void replaceByRepair(QueuedItem event) {
        locked(() -> repairs.replace(event)).done();
    }

    /**
     * Replaces all events that wait, and the given items, with repairs; kicks among the items are queued again. All announcements
     * are complete: while they wait, other nodes announce the events again.
     */
    void giveUp(List<QueuedItem> items) {
        List<QueuedItem> settled = new ArrayList<>();
        update(() -> {
            for (QueuedItem queued : items) {
                if (queued.item().isKick()) {
                    addKick(List.of(queued.item()), ticker.read());
                } else {
                    settled.add(queued);
                }
            }
            settled.addAll(events.takeAll());
            settled.forEach(queued -> repairs.add(queued.item()));
        });
        settled.forEach(QueuedItem::done);
        locked(repairs::takeReplaced).done();
    }

    /** Requests that the proxy asks for everything. */
    void recoverAll() {
        update(repairs::recoverAll);
    }

    /** Requests again that the proxy ask for everything; this brings these events, too. */
    void recoverAll(ReplacedEvents brought) {
        locked(() -> repairs.recoverAll(brought)).forEach(Announcement::done);
    }

    /** Takes the request to recover everything and the events that the proxy will fetch for it; empty if there is none. */
    Optional<ReplacedEvents> takeRecoverAll() {
        return locked(repairs::takeRecoverAll);
    }

    /** Takes the content of the next request: kicks that are due, then repairs, then events. Empty if there is nothing. */
    List<QueuedItem> take() {
        List<QueuedItem> batch = new ArrayList<>();
        update(() -> {
            takeKicks(batch);
            batch.addAll(repairs.take(limits.maxBatchItems() - batch.size()));
            events.fill(batch, limits.maxBatchItems(), Math.min(limits.maxBatchBytes(), maxItemBytes));
        });
        return batch;
    }

    /** Waits until there is something to send, for at most that time; does not wait once the lane stops. */
    boolean await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long deadline = ticker.read() + nanos;
            while (!stopping && !isDue()) {
                long now = ticker.read();
                long remaining = Math.min(deadline - now, kicks.dueIn(now));
                if (remaining <= 0) {
                    break;
                }
                long unused = changed.awaitNanos(remaining);
            }
            return isDue();
        } finally {
            lock.unlock();
        }
    }

    // ---- with the lock

    private Outcome put(QueuedItem queued, List<Announcement> settled) {
        ProxyItem event = queued.item();
        if (closed) {
            return Outcome.CLOSED;
        } else if (repairs.cover(event)) {
            settled.add(repairs.replace(queued));
            return Outcome.COVERED;
        } else if (event.length() > maxItemBytes) {
            settled.add(repairs.replace(queued));
            return Outcome.TOO_LONG;
        }
        events.add(queued);
        if (events.exceed(limits)) {
            events.takeAll().forEach(waiting -> settled.add(repairs.replace(waiting)));
            return Outcome.OVERFLOW;
        }
        return Outcome.QUEUED;
    }

    private void addKick(List<ProxyItem> items, long dueNanos) {
        if (!kicks.add(items, dueNanos)) {
            repairs.recoverAll();
        }
    }

    private void takeKicks(List<QueuedItem> batch) {
        long now = ticker.read();
        while (kicks.isDue(now) && batch.size() < limits.maxBatchItems()) {
            kicks.take().forEach(item -> batch.add(QueuedItem.unheard(item)));
        }
    }

    private boolean isDue() {
        return !events.isEmpty() || !repairs.isEmpty() || kicks.isDue(ticker.read());
    }

    private void update(Runnable action) {
        boolean unused = locked(() -> {
            action.run();
            return true;
        });
    }

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            T result = action.get();
            changed.signal();
            return result;
        } finally {
            lock.unlock();
        }
    }
}
