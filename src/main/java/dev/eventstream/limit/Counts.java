package dev.eventstream.limit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts per key. A key whose count is zero occupies no memory.
 *
 * <p>Thread-safe.
 */
final class Counts<K> {
    private final Map<K, Integer> counts = new ConcurrentHashMap<>();

    /** Adds one, unless the count has reached the limit. */
    boolean tryAdd(K key, int limit) {
        boolean[] added = new boolean[1];
        counts.compute(key, (unused, before) -> {
            int count = before == null ? 0 : before;
            added[0] = count < limit;
            return added[0] ? Integer.valueOf(count + 1) : before;
        });
        return added[0];
    }

    @SuppressWarnings("NullAway") // null removes the entry
    void subtract(K key) {
        counts.computeIfPresent(key, (unused, count) -> count == 1 ? null : count - 1);
    }

    /** How many keys have a count. */
    int keys() {
        return counts.size();
    }
}
