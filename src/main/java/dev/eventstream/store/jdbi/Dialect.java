package dev.eventstream.store.jdbi;

import com.google.common.primitives.Ints;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.EventStoreException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * Everything in which the databases differ. To add a database, write one implementation, add a case to {@link Dialects} and
 * to {@link SqlErrors}, and add its column types to {@code migrations.xml}; see CONTRIBUTING.
 *
 * <p>Implementations have no state and are thread-safe.
 */
interface Dialect {
    /**
     * Makes room for new events in a channel. A channel whose newest event has a later time keeps that time, unless it is so
     * much later that the clock of its sender must have been wrong.
     */
    String ADVANCE = "UPDATE eventstream_channel SET newest = newest + ?,"
            + " newest_at = CASE WHEN newest_at BETWEEN ? AND ? THEN newest_at ELSE ? END WHERE name = ?";

    /** Whether an append at once can store events in a channel: it is not finished, and has room (see {@link ChannelRow#hasRoom}). */
    String HAS_ROOM = "finished_at = 0 AND newest >= trimmed_through";

    /** How far the clocks of two nodes may differ before one of them counts as wrong. */
    long MAX_CLOCK_SKEW_MILLIS = Duration.ofHours(1).toMillis();

    /** The times of {@link #ADVANCE}: between which limits a channel keeps that of its newest event, and which it gets otherwise. */
    static List<Long> times(long now) {
        return List.of(now, now + MAX_CLOCK_SKEW_MILLIS, now);
    }

    /** Prepares for the creation of channels, where the database needs a lock for that. */
    default void lockForCreation(Handle handle, Set<ChannelName> names, LockWait wait) {}

    /** Inserts a channel's row, unless there is one. Waits for another transaction that is inserting it. */
    void createChannel(Handle handle, ChannelName name, String epoch, LockWait wait);

    /**
     * Makes room for new events in each channel, and thereby locks the rows in the order of their names until the
     * transaction ends.
     *
     * @param counts the number of new events of each channel
     * @param now in milliseconds since 1970
     * @return a channel that has no row, if there is one
     */
    default Optional<ChannelName> advance(
            Handle handle, SortedMap<ChannelName, Integer> counts, long now, LockWait wait) {
        return advance(handle, ADVANCE, counts, now);
    }

    /** Whether {@link #appendAtOnce} works for these events, of which none has a key or finishes its channel. */
    default boolean appendsAtOnce(List<NewEvent> events) {
        return false;
    }

    /**
     * Begins a transaction and appends events, in one round trip. The caller commits with {@link #commitAtOnce}.
     *
     * @return empty if nothing was stored, because a channel has no row, is finished or has no room; there is no transaction then
     */
    default Optional<Appended> appendAtOnce(Handle handle, PlainAppend append, LockWait wait) {
        throw new UnsupportedOperationException("this database needs several statements");
    }

    /** Commits what {@link #appendAtOnce} has stored. */
    default void commitAtOnce(Handle handle) {
        handle.commit();
    }

    /** Whether {@link #appendAtOnceWithin} works. */
    default boolean appendsAtOnceWithin() {
        return false;
    }

    /**
     * Appends events in one statement in the application's transaction. If it stores nothing or fails, the transaction is as it was
     * before.
     *
     * @return empty if nothing was stored, for one of the reasons of {@link #appendAtOnce}
     */
    default Optional<Appended> appendAtOnceWithin(Handle handle, PlainAppend append) throws SQLException {
        throw new SQLFeatureNotSupportedException("this database needs several statements");
    }

    /** Runs the statement, which begins with the parameters of {@link #ADVANCE}, for each channel; returns one that has no row. */
    static Optional<ChannelName> advance(
            Handle handle, String sql, SortedMap<ChannelName, Integer> counts, long now, Object... moreParameters) {
        try (PreparedBatch batch = handle.prepareBatch(sql)) {
            counts.forEach((name, count) -> {
                batch.bind(0, count)
                        .bind(1, now)
                        .bind(2, now + MAX_CLOCK_SKEW_MILLIS)
                        .bind(3, now)
                        .bind(4, name.value());
                for (int i = 0; i < moreParameters.length; i++) {
                    batch.bind(5 + i, moreParameters[i]);
                }
                batch.add();
            });
            int[] rows = batch.execute();
            int first = Ints.indexOf(rows, 0);
            return first < 0
                    ? Optional.empty()
                    : counts.keySet().stream().skip(first).findFirst();
        }
    }

    /** The isolation levels at which all queries of a transaction see the same state. */
    default Snapshots snapshots() {
        return Snapshots.FROM_REPEATABLE_READ;
    }

    /** What the database knows about the size of the table of events without reading it. */
    TableSize size(Handle handle);

    /** Reads the server's clock, in seconds with a fraction. */
    default String secondsSince1970() {
        return "SELECT EXTRACT(EPOCH FROM CURRENT_TIMESTAMP)";
    }

    /** Whether appends to one channel at this level often conflict with each other, although each locks the channel first. */
    default boolean isCostly(TransactionIsolationLevel level) {
        return level == TransactionIsolationLevel.SERIALIZABLE || level == TransactionIsolationLevel.REPEATABLE_READ;
    }

    /** How many connections the server accepts in all; empty if it does not limit them. */
    default OptionalInt maxConnections(Handle handle) {
        return OptionalInt.empty();
    }

    /**
     * Whether a pooler between this process and the server gives each transaction another connection.
     *
     * @param other a connection with auto-commit
     */
    default boolean isPooledByTransaction(Jdbi jdbi, Handle other) {
        return false;
    }

    /** What to do if the tables are missing, as the end of a sentence. */
    default String howToMigrate(Handle handle) {
        return SqlErrors.RUN_MIGRATE;
    }

    /**
     * Checks what only this database needs.
     *
     * @throws EventStoreException if it is missing; the message says what to do
     */
    default void check(Handle handle) {}
}
