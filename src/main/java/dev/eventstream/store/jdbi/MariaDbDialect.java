package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.EventStoreException;
import java.math.BigDecimal;
import java.util.Set;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * MariaDB, with InnoDB.
 *
 * <p>{@code innodb_lock_wait_timeout} counts whole seconds, so {@code max_statement_time} limits the statements that wait for
 * locks; it comes with the statement and costs no round trip. The INSERT of events has no limit of ours: it follows the lock of
 * the channel's row, which everybody takes first who inserts into a channel, so it has nobody to wait for.
 */
final class MariaDbDialect implements Dialect {
    /** Rows of {@code eventstream_channel_lock}. */
    private static final int STRIPES = 16;

    /** The shortest time a statement gets, because it is also the time for its work. */
    private static final long SHORTEST_MILLIS = 10;

    /**
     * Locks rows that nobody removes, until the transaction ends, so that others who would create the same channels wait here.
     *
     * <p>Those who wait for the channel's row itself would each be left with a lock on the gap where it was, should the
     * transaction that inserted it roll back. Then none of them could insert, and InnoDB would end all but one.
     */
    @Override
    public void lockForCreation(Handle handle, Set<ChannelName> names, LockWait wait) {
        names.stream()
                .map(name -> Math.floorMod(name.value().hashCode(), STRIPES))
                .distinct()
                .sorted()
                .forEach(stripe -> readStripe(handle, stripe, wait, " FOR UPDATE"));
    }

    private static int readStripe(Handle handle, int stripe, LockWait wait, String lock) {
        try (Query query = handle.createQuery(
                limit(wait, 1) + "SELECT stripe FROM eventstream_channel_lock WHERE stripe = ?" + lock)) {
            return query.bind(0, stripe).mapTo(Integer.class).list().size();
        }
    }

    /** A plain INSERT and INSERT IGNORE leave a shared lock on a duplicate; two senders cannot both raise it. */
    @Override
    public void createChannel(Handle handle, ChannelName name, String epoch, LockWait wait) {
        handle.execute(
                limit(wait, 1) + "INSERT INTO eventstream_channel (name, epoch, newest, newest_at) VALUES (?, ?, 0, 0)"
                        + " ON DUPLICATE KEY UPDATE newest = newest",
                name.value(),
                epoch);
    }

    @Override
    public void advance(Handle handle, SortedMap<ChannelName, Integer> counts, long now, LockWait wait) {
        Dialect.advance(handle, limit(wait, counts.size()) + ADVANCE, counts, now);
    }

    // the drivers run a batch to its end, whatever fails in it, so each statement gets its share of the time
    private static String limit(LockWait wait, int statements) {
        if (!wait.isLimited()) {
            return "";
        }
        long millis = Math.max(SHORTEST_MILLIS, wait.millis().orElseThrow() / statements);
        return "SET STATEMENT max_statement_time = "
                + BigDecimal.valueOf(millis, 3).toPlainString() + " FOR ";
    }

    @Override
    public void check(Handle handle) {
        if (readStripe(handle, 0, LockWait.OF_DATABASE, "") == 0) {
            throw new EventStoreException("eventstream_channel_lock is empty; insert the rows 0 to " + (STRIPES - 1));
        }
    }
}
