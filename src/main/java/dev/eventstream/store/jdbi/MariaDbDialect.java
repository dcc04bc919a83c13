package dev.eventstream.store.jdbi;

import com.google.common.base.Stopwatch;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Iterables;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.EventStoreException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * MariaDB, with InnoDB.
 *
 * <p>{@code innodb_lock_wait_timeout} counts whole seconds, so {@code max_statement_time} limits the statements that wait for
 * locks. It is part of the statement and costs no round trip. The drivers run a batch to its end even if a statement in it fails,
 * so a batch must not wait: one statement that does not wait locks all its rows first. If others hold some of the locks, the rows
 * are locked one by one.
 *
 * <p>The INSERT of events has no limit of ours. It follows the lock of the channel's row, which every writer to the channel
 * takes first.
 */
final class MariaDbDialect implements Dialect {
    /** Rows of {@code eventstream_channel_lock}. */
    private static final int STRIPES = 16;

    /** The shortest limit, because it includes the time in which the statement does its work. */
    private static final long SHORTEST_MILLIS = 10;

    /**
     * Locks rows that are never deleted, until the transaction ends, so that other creators of the same channels wait here.
     *
     * <p>If they waited for the channel's row itself and the transaction that inserted it rolled back, each of them would be left
     * with a lock on the gap where the row was. Then none of them could insert, and InnoDB would end all but one.
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

    /** A plain INSERT and INSERT IGNORE leave a shared lock on a duplicate, which two senders cannot both upgrade. */
    @Override
    public void createChannel(Handle handle, ChannelName name, String epoch, LockWait wait) {
        handle.execute(
                limit(wait) + "INSERT INTO eventstream_channel (name, epoch, newest, newest_at) VALUES (?, ?, 0, 0)"
                        + " ON DUPLICATE KEY UPDATE newest = newest",
                name.value(),
                epoch);
    }

    @Override
    public Optional<ChannelName> advance(
            Handle handle, SortedMap<ChannelName, Integer> counts, long now, LockWait wait) {
        if (!wait.isLimited() || counts.size() == 1) {
            return Dialect.advance(handle, limit(wait) + ADVANCE, counts, now);
        }
        return lockWithoutWaiting(handle, counts.keySet())
                ? Dialect.advance(handle, ADVANCE, counts, now)
                : advanceOneByOne(handle, counts, now, wait);
    }

    /** Locks all of the channels and returns true, or locks none of them because others hold some of their locks. */
    private static boolean lockWithoutWaiting(Handle handle, Set<ChannelName> names) {
        try {
            Iterables.partition(names, ChannelDao.MAX_NAMES).forEach(some -> lockAtOnce(handle, some));
            return true;
        } catch (UnableToExecuteStatementException e) {
            if (!SqlErrors.isLockTimeout(e)) {
                throw e;
            }
            handle.rollback();
            handle.begin();
            return false;
        }
    }

    /**
     * Locks the channels, or fails if any of them is locked.
     *
     * <p>SKIP LOCKED would break the order of locks. The index keeps the entries of deleted rows for a while, and a statement
     * locks those, too. If another transaction had locked such an entry, this one would skip it and lock the row of the
     * same name, which the other needs next; and the UPDATE that follows here would wait for the entry.
     */
    private static void lockAtOnce(Handle handle, List<ChannelName> names) {
        try (Query query = handle.createQuery("SELECT id FROM eventstream_channel WHERE name IN ("
                + ChannelDao.markers(names.size()) + ") FOR UPDATE NOWAIT")) {
            for (int i = 0; i < names.size(); i++) {
                query.bind(i, names.get(i).value());
            }
            query.mapTo(Long.class).list();
        }
    }

    private static Optional<ChannelName> advanceOneByOne(
            Handle handle, SortedMap<ChannelName, Integer> counts, long now, LockWait wait) {
        Stopwatch waited = Stopwatch.createStarted();
        for (Map.Entry<ChannelName, Integer> entry : counts.entrySet()) {
            long millis = wait.millis().orElseThrow() - waited.elapsed().toMillis();
            LockWait rest = new LockWait(OptionalLong.of(Math.max(SHORTEST_MILLIS, millis)));
            SortedMap<ChannelName, Integer> one = ImmutableSortedMap.of(entry.getKey(), entry.getValue());
            Optional<ChannelName> missing = Dialect.advance(handle, limit(rest) + ADVANCE, one, now);
            if (missing.isPresent()) {
                return missing;
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean appendsAtOnce(List<NewEvent> events) {
        return MariaDbAppend.fits(events);
    }

    @Override
    public Optional<Appended> appendAtOnce(Handle handle, PlainAppend append, LockWait wait) {
        return new MariaDbAppend(handle, append, limit(wait)).begin();
    }

    @Override
    public void commitAtOnce(Handle handle) {
        MariaDbAppend.commit(handle);
    }

    private static String limit(LockWait wait) {
        if (!wait.isLimited()) {
            return "";
        }
        long millis = Math.max(SHORTEST_MILLIS, wait.millis().orElseThrow());
        return "SET STATEMENT max_statement_time = "
                + BigDecimal.valueOf(millis, 3).toPlainString() + " FOR ";
    }

    /** InnoDB estimates both; the number of rows may be wrong by half. */
    @Override
    public TableSize size(Handle handle) {
        return TableSize.ask(
                handle,
                "SELECT table_rows, data_length + index_length FROM information_schema.tables"
                        + " WHERE table_schema = DATABASE() AND table_name = ?");
    }

    @Override
    public String secondsSince1970() {
        return "SELECT UNIX_TIMESTAMP(NOW(6))";
    }

    /** REPEATABLE READ is the default, and an append reads nothing before it has locked its channels. */
    @Override
    public boolean isCostly(TransactionIsolationLevel level) {
        return level == TransactionIsolationLevel.SERIALIZABLE;
    }

    @Override
    public OptionalInt maxConnections(Handle handle) {
        try (Query query = handle.createQuery("SELECT @@max_connections")) {
            return OptionalInt.of(query.mapTo(Integer.class).one());
        }
    }

    @Override
    public void check(Handle handle) {
        if (readStripe(handle, 0, LockWait.OF_DATABASE, "") == 0) {
            throw new EventStoreException("eventstream_channel_lock is empty; insert the rows 0 to " + (STRIPES - 1));
        }
    }
}
