package dev.eventstream.control;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * The kicks that wait for their time at one proxy, at most {@value #MAX}.
 *
 * <p>Not thread-safe: guarded by the lock of its {@link LaneQueue}.
 */
final class Kicks {
    /** Kicks that can wait; each repetition counts. */
    static final int MAX = 10_000;

    private static final long NEVER = TimeUnit.DAYS.toNanos(1);

    private final PriorityQueue<Kick> queue =
            new PriorityQueue<>(Comparator.comparingLong(Kick::dueNanos).thenComparing(Kick::order));
    private long count;
    private boolean areAllDue;

    private record Kick(long dueNanos, long order, List<ProxyItem> items) {}

    /** Adds a kick; false if there are too many. */
    boolean add(List<ProxyItem> items, long dueNanos) {
        return queue.size() < MAX && queue.add(new Kick(dueNanos, count++, items));
    }

    /** Makes every kick due at once, present and future. */
    void makeAllDue() {
        areAllDue = true;
    }

    boolean isDue(long now) {
        return dueIn(now) <= 0;
    }

    /** Nanoseconds until the next kick is due; a long time if there is none. */
    long dueIn(long now) {
        if (queue.isEmpty()) {
            return NEVER;
        }
        return areAllDue ? 0 : queue.element().dueNanos - now;
    }

    /** Takes the items of the next kick. */
    List<ProxyItem> take() {
        return queue.remove().items;
    }
}
