package dev.eventstream.bus.jdbi;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which rows a node has read. Rows become visible in the order of their commits, not of their ids, so a row may appear after one
 * with a higher id. A node therefore reads again from the first gap, until the gap is {@link #GAP_CLOSES} old. The gap then counts
 * as a row that was never committed.
 *
 * <p>Confined to one thread.
 */
final class SeenRows {
    /** How long a message stays in the table, by the clock of the node that deletes. */
    static final Duration KEPT = Duration.ofMinutes(10);

    static final Duration GAP_CLOSES = Duration.ofSeconds(30);

    /** All rows up to this one are finished. */
    private long low;

    private boolean hasBegun;
    private long lastReadMillis;

    /** The rows after {@link #low} that have been read, and when. */
    private final TreeMap<Long, Long> read = new TreeMap<>();

    /**
     * Begins after the newest row, or continues. It begins again if a row that was read is newer than the newest: then the database
     * is an older one, and its next rows reuse ids that were already read.
     *
     * @return whether it continues and all rows since then are still there
     */
    boolean begin(long newest, long nowMillis) {
        long newestRead = read.isEmpty() ? low : read.lastKey();
        boolean isGapless = hasBegun && newest >= newestRead && nowMillis - lastReadMillis < KEPT.toMillis();
        if (!isGapless) {
            low = newest;
            read.clear();
            hasBegun = true;
        }
        lastReadMillis = nowMillis;
        return isGapless;
    }

    /** The id after which to read. */
    long low() {
        return low;
    }

    /** The number of rows after {@link #low} that were read. */
    int pending() {
        return read.size();
    }

    /** Notes a row that was read; returns whether it is new. */
    boolean add(long id, long nowMillis) {
        lastReadMillis = nowMillis;
        boolean isNew = id > low && read.putIfAbsent(id, nowMillis) == null;
        raise(nowMillis);
        return isNew;
    }

    private void raise(long nowMillis) {
        Map.Entry<Long, Long> first = read.firstEntry();
        while (first != null && (first.getKey() == low + 1 || nowMillis - first.getValue() > GAP_CLOSES.toMillis())) {
            low = first.getKey();
            read.pollFirstEntry();
            first = read.firstEntry();
        }
    }
}
