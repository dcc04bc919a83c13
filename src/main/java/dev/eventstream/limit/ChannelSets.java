package dev.eventstream.limit;

import dev.eventstream.channel.ChannelName;
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
    private final Map<ClientAddress, Map<List<ChannelName>, Integer>> open = new ConcurrentHashMap<>();

    /** Adds a stream, unless its set of channels would exceed the limit. */
    boolean tryAdd(ClientAddress address, List<ChannelName> channels, int limit) {
        boolean[] added = new boolean[1];
        open.compute(address, (unused, before) -> {
            Map<List<ChannelName>, Integer> sets = before == null ? new HashMap<>() : before;
            added[0] = sets.containsKey(channels) || sets.size() < limit;
            if (added[0]) {
                sets.merge(channels, 1, Integer::sum);
            }
            return sets;
        });
        return added[0];
    }

    @SuppressWarnings("NullAway") // null removes an entry
    void subtract(ClientAddress address, List<ChannelName> channels) {
        open.computeIfPresent(address, (unused, sets) -> {
            sets.computeIfPresent(channels, (same, count) -> count == 1 ? null : count - 1);
            return sets.isEmpty() ? null : sets;
        });
    }
}
