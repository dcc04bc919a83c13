package dev.eventstream.control;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What waits for one proxy: kicks, repairs and events.
 *
 * <p>All three are bounded. Events that find the queue full take its place together with all that waits: each channel
 * concerned is repaired instead, by a hint if it is stored and by a reset if it is not. A channel that waits for its hint
 * needs no more stored events: the hint brings them too. Beyond {@value #MAX_REPAIRS} channels the hints are replaced by
 * one order to ask for everything, which also takes the place of kicks beyond {@value #MAX_KICKS}, since whoever asks is
 * asked again whether it may read. Only resets beyond that number are lost.
 *
 * <p>Thread-safe. The lock is held for memory only; announcements are completed outside of it.
 */
final class LaneQueue {
    /** Channels that may wait for a repair. */
    static final int MAX_REPAIRS = 10_000;

    /** Kicks that may wait, each repetition counted. */
    static final int MAX_KICKS = 3_000;

    private final LaneLimits limits;
    private final int maxItemBytes;
    private final ItemEncoder encoder;
    private final Ticker ticker;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by the lock
    private final ArrayDeque<Entry> events = new ArrayDeque<>();
    private long eventBytes;
    private final Map<ChannelName, Repair> repairs = new LinkedHashMap<>();
    private final PriorityQueue<Kick> kicks =
            new PriorityQueue<>(Comparator.comparingLong(Kick::dueNanos).thenComparing(Kick::order));
    private long kickCount;
    private boolean recoverAll;
    private long lostResets;
    private boolean stopping;
    private boolean closed;

    /**
     * @param maxItemBytes longest item that the transport can carry
     */
    LaneQueue(LaneLimits limits, int maxItemBytes, ItemEncoder encoder, Ticker ticker) {
        this.limits = limits;
        this.maxItemBytes = maxItemBytes;
        this.encoder = encoder;
        this.ticker = ticker;
    }

    /** An item, and who waits for it. */
    record Entry(ProxyItem item, Announcement announcement) {}

    /** What became of an event. */
    enum Outcome {
        QUEUED,
        /** Its channel waits for a hint, which brings it. */
        COVERED,
        /** It can never be sent; its channel is repaired. */
        TOO_LONG,
        /** It found the queue full; all that waited is replaced by repairs. */
        OVERFLOW,
        /** The lane has ended. */
        CLOSED
    }

    private enum Repair {
        HINT,
        RESET
    }

    private record Kick(long dueNanos, long order, List<ProxyItem> items) {
        long dueIn(long now) {
            return dueNanos - now;
        }
    }

    /** Puts an event at the end. Whoever waits for it is told here if it will not be sent as it is. */
    Outcome offer(ProxyItem event, Announcement announcement) {
        List<Entry> settled = new ArrayList<>();
        Outcome outcome = locked(() -> put(new Entry(event, announcement), settled));
        Consumer<Entry> settle = outcome == Outcome.CLOSED
                ? entry -> entry.announcement().failed(new IllegalStateException("the lane has ended"))
                : entry -> entry.announcement().done();
        settled.forEach(settle);
        return outcome;
    }

    private Outcome put(Entry entry, List<Entry> settled) {
        ProxyItem event = entry.item();
        if (closed) {
            settled.add(entry);
            return Outcome.CLOSED;
        } else if (event.isInLog() && (recoverAll || repairs.containsKey(event.source()))) {
            settled.add(entry);
            return Outcome.COVERED;
        } else if (event.length() > maxItemBytes) {
            settled.add(entry);
            repair(event);
            return Outcome.TOO_LONG;
        }
        events.add(entry);
        eventBytes += event.length();
        if (events.size() > limits.maxQueuedEvents() || eventBytes > limits.maxQueuedBytes()) {
            replaceEvents(settled);
            return Outcome.OVERFLOW;
        }
        return Outcome.QUEUED;
    }

    /** Has a channel repaired for which something could not be delivered. */
    void repairFor(ProxyItem item) {
        locked(() -> {
            repair(item);
            return true;
        });
    }

    /** Gives up all events that wait and the given entries; kicks among those wait on. */
    void replaceByRepairs(List<Entry> entries) {
        List<Entry> settled = new ArrayList<>();
        locked(() -> {
            for (Entry entry : entries) {
                if (entry.item().isKick()) {
                    addKick(List.of(entry.item()), ticker.read());
                } else {
                    settled.add(entry);
                    repair(entry.item());
                }
            }
            replaceEvents(settled);
            return true;
        });
        settled.forEach(entry -> entry.announcement().done());
    }

    /** Puts a kick among those that are sent as soon as they are due. */
    void kick(List<ProxyItem> items, long dueNanos) {
        locked(() -> {
            addKick(items, dueNanos);
            return true;
        });
    }

    /** Has the proxy ask for everything. */
    void recoverAll() {
        locked(() -> {
            askForEverything();
            return true;
        });
    }

    /** Whether the proxy is to ask for everything; the answer is no from then on. */
    boolean takeRecoverAll() {
        return locked(() -> {
            boolean was = recoverAll;
            recoverAll = false;
            return was;
        });
    }

    /**
     * Takes what goes into the next request: kicks that are due, then repairs, then events. Empty if there is nothing.
     */
    List<Entry> take() {
        List<Entry> batch = new ArrayList<>();
        Map<ChannelName, Repair> taken = new LinkedHashMap<>();
        lock.lock();
        try {
            takeKicks(batch);
            takeRepairs(taken, limits.maxBatchItems() - batch.size());
            taken.forEach((channel, repair) -> batch.add(new Entry(encode(channel, repair), Announcement.unheard())));
            takeEvents(batch);
        } finally {
            lock.unlock();
        }
        return batch;
    }

    private ProxyItem encode(ChannelName channel, Repair repair) {
        return repair == Repair.HINT ? encoder.hint(channel) : encoder.reset(channel);
    }

    private void takeKicks(List<Entry> batch) {
        long now = ticker.read();
        while (!kicks.isEmpty()
                && (stopping || kicks.element().dueIn(now) <= 0)
                && batch.size() < limits.maxBatchItems()) {
            kicks.remove().items().forEach(item -> batch.add(new Entry(item, Announcement.unheard())));
        }
    }

    private void takeRepairs(Map<ChannelName, Repair> taken, int max) {
        Iterator<Map.Entry<ChannelName, Repair>> remaining = repairs.entrySet().iterator();
        while (remaining.hasNext() && taken.size() < max) {
            Map.Entry<ChannelName, Repair> next = remaining.next();
            taken.put(next.getKey(), next.getValue());
            remaining.remove();
        }
    }

    private void takeEvents(List<Entry> batch) {
        // with a comma after each
        long bytes =
                batch.stream().mapToLong(entry -> entry.item().length() + 1).sum();
        long room = Math.min(limits.maxBatchBytes(), maxItemBytes);
        while (!events.isEmpty() && batch.size() < limits.maxBatchItems()) {
            int next = events.element().item().length();
            if (!batch.isEmpty() && bytes + next > room) {
                return;
            }
            bytes += next + 1;
            eventBytes -= next;
            batch.add(events.remove());
        }
    }

    /** Waits until there is something to send, but no longer than that, and not at all once the lane stops. */
    boolean await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long deadline = ticker.read() + nanos;
            while (!stopping && !isDue()) {
                long remaining = Math.min(deadline - ticker.read(), nextKick());
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

    private boolean isDue() {
        return recoverAll || !events.isEmpty() || !repairs.isEmpty() || nextKick() <= 0;
    }

    private long nextKick() {
        if (kicks.isEmpty()) {
            return TimeUnit.DAYS.toNanos(1);
        }
        return stopping ? 0 : kicks.element().dueIn(ticker.read());
    }

    /** From now on nobody waits in {@link #await}, and every kick is due. */
    void stop() {
        locked(() -> {
            stopping = true;
            return true;
        });
    }

    /** Refuses what comes from now on, and fails whoever still waits. */
    int close() {
        List<Entry> left = locked(() -> {
            closed = true;
            List<Entry> all = List.copyOf(events);
            events.clear();
            eventBytes = 0;
            return all;
        });
        left.forEach(
                entry -> entry.announcement().failed(new IllegalStateException("the lane ended before it was sent")));
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

    /** How many resets found no room, ever. */
    long lostResets() {
        return locked(() -> lostResets);
    }

    // ---- with the lock

    private void replaceEvents(List<Entry> settled) {
        events.forEach(entry -> repair(entry.item()));
        settled.addAll(events);
        events.clear();
        eventBytes = 0;
    }

    private void repair(ProxyItem item) {
        Repair repair = item.isInLog() ? Repair.HINT : Repair.RESET;
        if (repair == Repair.HINT && recoverAll) {
            return;
        }
        if (repairs.size() >= MAX_REPAIRS && !repairs.containsKey(item.source())) {
            askForEverything();
            if (repair == Repair.HINT) {
                return;
            } else if (repairs.size() >= MAX_REPAIRS) {
                lostResets++;
                return;
            }
        }
        repairs.put(item.source(), repair);
    }

    private void askForEverything() {
        recoverAll = true;
        repairs.values().removeIf(Repair.HINT::equals);
    }

    private void addKick(List<ProxyItem> items, long dueNanos) {
        if (kicks.size() >= MAX_KICKS) {
            askForEverything();
        } else {
            kicks.add(new Kick(dueNanos, kickCount++, items));
        }
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
