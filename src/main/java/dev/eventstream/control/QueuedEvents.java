package dev.eventstream.control;

import java.util.ArrayDeque;
import java.util.List;

/**
 * The events that wait for one proxy, in order.
 *
 * <p>Not thread-safe: guarded by the lock of its {@link LaneQueue}, which keeps the bounds.
 */
final class QueuedEvents {
    private final ArrayDeque<QueuedItem> events = new ArrayDeque<>();
    private long bytes;

    void add(QueuedItem event) {
        events.add(event);
        bytes += event.length();
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    int size() {
        return events.size();
    }

    boolean exceed(LaneLimits limits) {
        return events.size() > limits.maxQueuedEvents() || bytes > limits.maxQueuedBytes();
    }

    List<QueuedItem> takeAll() {
        List<QueuedItem> all = List.copyOf(events);
        events.clear();
        bytes = 0;
        return all;
    }

    /** Fills a batch, in which a comma follows each item. A first item is added whatever its length. */
    void fill(List<QueuedItem> batch, int maxItems, long maxBytes) {
        long used = batch.stream().mapToLong(item -> item.length() + 1L).sum();
        while (!events.isEmpty() && batch.size() < maxItems) {
            int next = events.element().length();
            if (!batch.isEmpty() && used + next > maxBytes) {
                return;
            }
            used += next + 1;
            bytes -= next;
            batch.add(events.remove());
        }
    }
}
