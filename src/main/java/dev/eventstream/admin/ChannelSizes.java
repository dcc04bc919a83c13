package dev.eventstream.admin;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.EventStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sizes of channels, read in the order of their names, for as long as an operator is willing to wait.
 *
 * <p>Thread-safe. Blocks while the database works.
 */
final class ChannelSizes {
    private static final int PAGE = 500;
    private static final int MAX_PAGES = 20;
    private static final Duration TURN = Duration.ofSeconds(2);

    private final EventStore store;
    private final Ticker ticker;

    /** @param ticker limits the time */
    ChannelSizes(EventStore store, Ticker ticker) {
        this.store = store;
        this.ticker = ticker;
    }

    /**
     * The sizes.
     *
     * @param last the last name that was read; empty if that was all
     */
    record Sizes(Map<ChannelName, ChannelStats> byChannel, String last) {}

    /**
     * Reads up to ten thousand channels, two seconds at most.
     *
     * @param after the name before the first one; empty for all
     */
    Sizes read(String after) {
        long endNanos = ticker.read() + TURN.toNanos();
        Map<ChannelName, ChannelStats> sizes = new LinkedHashMap<>();
        String last = after;
        for (int page = 0; page < MAX_PAGES && ticker.read() - endNanos < 0; page++) {
            List<ChannelStats> read = store.stats(last, PAGE);
            read.forEach(channel -> sizes.put(channel.channel(), channel));
            if (read.size() < PAGE) {
                return new Sizes(sizes, "");
            }
            last = read.get(read.size() - 1).channel().value();
        }
        return new Sizes(sizes, last);
    }
}
