package dev.eventstream.store.jdbi;

import com.google.common.base.Stopwatch;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Iterables;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.EventStoreException;
import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * MariaDB, with InnoDB.
 *
 * <p>{@code innodb_lock_wait_timeout} counts whole seconds, so {@code max_statement_time} limits the statements that wait for
 * locks; it comes with the statement and costs no round trip. The drivers run a batch to its end whatever fails in it, so a batch
 * must not wait: all its rows are locked before, by one statement that waits for none. If others hold some of them, the rows are
 * locked one after the other.
 *
 * <p>The INSERT of events has no limit of ours. It follows the lock of the channel's row, and everybody who inserts into a
 * channel takes that lock first.
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
                limit(wait) + "SELECT stripe FROM eventstream_channel_lock WHERE stripe = ?" + lock)) {
            return query.bind(0, stripe).mapTo(Integer.class).list().size();
        }
    }

    /** A plain INSERT and INSERT IGNORE leave a shared lock on a duplicate; two senders cannot both raise it. */
    @Override
    public void createChannel(Handle handle, ChannelName name, String epoch, LockWait wait) {
        handle.execute(
                limit(wait) + "INSERT INTO eventstream_channel (name, epoch, newest, newest_at) VALUES (?, ?, 0, 0)"
                        + " ON DUPLICATE KEY UPDATE newest = newest",
                name.value(),
                epoch);
    }

    @Override
    public void advance(Handle handle, SortedMap<ChannelName, Integer> counts, long now, LockWait wait) {
        if (!wait.isLimited() || counts.size() == 1) {
            Dialect.advance(handle, limit(wait) + ADVANCE, counts, now);
        } else if (lockWithoutWaiting(handle, counts.keySet())) {
            Dialect.advance(handle, ADVANCE, counts, now);
        } else {
            advanceOneByOne(handle, counts, now, wait);
        }
    }

    /** Whether nobody else had a lock. If somebody had, the transaction begins again, so that this one has none either. */
    private static boolean lockWithoutWaiting(Handle handle, Set<ChannelName> names) {
        for (List<ChannelName> some : Iterables.partition(names, ChannelDao.MAX_NAMES)) {
            if (ChannelDao.lockFree(handle, some).size() < some.size()) {
                handle.rollback();
                handle.begin();
                return false;
            }
        }
        return true;
    }

    private static void advanceOneByOne(
            Handle handle, SortedMap<ChannelName, Integer> counts, long now, LockWait wait) {
        Stopwatch waited = Stopwatch.createStarted();
        counts.forEach((name, count) -> {
            long millis = wait.millis().orElseThrow() - waited.elapsed().toMillis();
            LockWait rest = new LockWait(OptionalLong.of(Math.max(SHORTEST_MILLIS, millis)));
            Dialect.advance(handle, limit(rest) + ADVANCE, ImmutableSortedMap.of(name, count), now);
        });
    }

    private static String limit(LockWait wait) {
        if (!wait.isLimited()) {
            return "";
        }
        long millis = Math.max(SHORTEST_MILLIS, wait.millis().orElseThrow());
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
