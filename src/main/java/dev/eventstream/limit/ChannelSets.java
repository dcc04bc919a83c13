package dev.eventstream.limit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The distinct sets of channels for which each address has streams open.
 *
 * <p>Thread-safe: an address's map is used only while the entry of the outer map is locked.
 */
final class ChannelSets {
    private final Map<ClientAddress, Map<List<?>, Integer>> open = new ConcurrentHashMap<>();

    /** Adds a stream, unless its set of channels would exceed the limit. */
    boolean tryAdd(ClientAddress address, List<?> set, int limit) {
        boolean[] added = new boolean[1];
        open.compute(address, (unused, before) -> {
            Map<List<?>, Integer> sets = before == null ? new HashMap<>() : before;
            added[0] = sets.containsKey(set) || sets.size() < limit;
            if (added[0]) {
                sets.merge(set, 1, Integer::sum);
            }
            return sets;
        });
        return added[0];
    }

    @SuppressWarnings("NullAway") // null removes an entry
    void subtract(ClientAddress address, List<?> set) {
        open.computeIfPresent(address, (unused, sets) -> {
            sets.computeIfPresent(set, (same, count) -> count == 1 ? null : count - 1);
            return sets.isEmpty() ? null : sets;
        });
    }
}
