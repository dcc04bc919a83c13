package dev.eventstream.store.jdbi;

import com.google.common.collect.Iterables;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventType;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.Epochs;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code eventstream_channel}. Confined to the thread of its handle. */
final class ChannelDao {
    /** The most names in one statement. */
    static final int MAX_NAMES = 500;

    private final Handle handle;
    private final Dialect dialect;
    private final LockWait wait;

    /** For statements that wait for locks for as long as the database allows. */
    ChannelDao(Handle handle, Dialect dialect) {
        this(handle, dialect, LockWait.OF_DATABASE);
    }

    /**
     * @param wait applies to the statements of an append
     */
    ChannelDao(Handle handle, Dialect dialect, LockWait wait) {
        this.handle = handle;
        this.dialect = dialect;
        this.wait = wait;
    }

    /** The rows of those channels that have one, without locking them. */
    Map<ChannelName, ChannelRow> find(Collection<ChannelName> names) {
        Map<ChannelName, ChannelRow> found = new HashMap<>();
        Iterables.partition(names, MAX_NAMES)
                .forEach(some -> findSome(some).forEach(row -> found.put(row.name(), row)));
        return found;
    }

    private List<ChannelRow> findSome(List<ChannelName> names) {
        try (Query query = handle.createQuery("SELECT id, name, epoch, newest, newest_at, trimmed_through, finished_at"
                + " FROM eventstream_channel WHERE name IN (" + markers(names.size()) + ") AND newest > ?")) {
            for (int i = 0; i < names.size(); i++) {
                query.bind(i, names.get(i).value());
            }
            return query.bind(names.size(), neverRepeated())
                    .map(ChannelDao::row)
                    .list();
        }
    }

    // H2 caches the result of a session's last query and returns it until another session's commit is complete,
    // although that commit is already visible: newest would seem to decrease. A parameter that is never repeated
    // bypasses the cache.
    static long neverRepeated() {
        return ThreadLocalRandom.current().nextLong(Long.MIN_VALUE, 0);
    }

    private static ChannelRow row(ResultSet row, StatementContext context) throws SQLException {
        return new ChannelRow(
                row.getLong(1),
                new ChannelName(row.getString(2)),
                row.getString(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7));
    }

    /**
     * Gives every channel a row, outside a transaction. Waits for another transaction that is creating one of them.
     *
     * <p>An update that finds no row would make InnoDB lock the gap where the missing name would be, at REPEATABLE READ. Two
     * senders with such a lock cannot both insert, so this reads first.
     */
    void createMissing(SortedSet<ChannelName> names) {
        create(missing(names));
    }

    /**
     * Gives every channel a row, within a transaction. If a row is missing, all rows are locked or created in the order of
     * their names, which is the order in which other appends lock them.
     */
    void createMissingInOrder(SortedSet<ChannelName> names) {
        Set<ChannelName> missing = missing(names);
        if (missing.isEmpty()) {
            return;
        }
        ChannelName firstMissing = missing.iterator().next();
        names.headSet(firstMissing).forEach(this::lock);
        dialect.lockForCreation(handle, missing, wait);
        for (ChannelName name : names.tailSet(firstMissing)) {
            if (missing.contains(name)) {
                dialect.createChannel(handle, name, Epochs.next(), wait);
            } else {
                lock(name);
            }
        }
    }

    private void create(Set<ChannelName> missing) {
        dialect.lockForCreation(handle, missing, wait);
        missing.forEach(name -> dialect.createChannel(handle, name, Epochs.next(), wait));
    }

    private void lock(ChannelName name) {
        try (Query query = handle.createQuery("SELECT id FROM eventstream_channel WHERE name = ? FOR UPDATE")) {
            query.bind(0, name.value()).mapTo(Long.class).list();
        }
    }

    private SortedSet<ChannelName> missing(SortedSet<ChannelName> names) {
        SortedSet<ChannelName> missing = new TreeSet<>(names);
        missing.removeAll(find(names).keySet());
        return missing;
    }

    /**
     * Those of the channels that another transaction has locked now, or is creating. Does not wait.
     *
     * <p>Call it outside a transaction: it locks the other channels, for as long as the query takes.
     */
    List<ChannelName> locked(SortedSet<ChannelName> names) {
        Set<ChannelName> free = new HashSet<>();
        Iterables.partition(names, MAX_NAMES).forEach(some -> free.addAll(lockFree(some)));
        return names.stream().filter(name -> !free.contains(name)).toList();
    }

    private List<ChannelName> lockFree(List<ChannelName> names) {
        try (Query query = handle.createQuery("SELECT name FROM eventstream_channel WHERE name IN ("
                + markers(names.size()) + ") FOR UPDATE SKIP LOCKED")) {
            for (int i = 0; i < names.size(); i++) {
                query.bind(i, names.get(i).value());
            }
            return query.map((row, context) -> new ChannelName(row.getString(1)))
                    .list();
        }
    }

    /** Makes room for new events in each channel; see {@link Dialect#advance}. */
    Optional<ChannelName> advance(SortedMap<ChannelName, Integer> counts, long now) {
        return dialect.advance(handle, counts, now, wait);
    }

    /** Sets the newest event of a locked channel, which gives back unused room, and whether the channel is finished; 0 if not. */
    void settle(ChannelRow channel, long newest, long finishedAt) {
        String sql = "UPDATE eventstream_channel SET newest = ?, finished_at = ? WHERE id = ?";
        handle.execute(sql, newest, finishedAt, channel.id());
    }

    /** Opens a locked channel again, under a new epoch. */
    void reopen(ChannelRow channel) {
        handle.execute(
                "UPDATE eventstream_channel SET epoch = ?, finished_at = 0 WHERE id = ?", Epochs.next(), channel.id());
    }

    /**
     * Raises newest to the last event in the log where it is behind it, and finishes the channel if that event is its end; locks the rows
     * that it changes.
     *
     * <p>It is behind if H2 (2.4.240, {@code RollbackDecisionMaker}) undoes a row twice for one rollback, and the second time
     * undoes what another transaction has committed in between.
     *
     * @return how many channels were behind
     */
    int catchUpWithLog(Collection<ChannelName> names) {
        String last = "(SELECT MAX(e.sequence) FROM eventstream_event e WHERE e.channel_id = eventstream_channel.id)";
        int raised = 0;
        for (ChannelName name : names) {
            raised += handle.execute(
                    "UPDATE eventstream_channel SET finished_at = COALESCE((SELECT MAX(l.created_at) FROM eventstream_event l"
                            + " WHERE l.channel_id = eventstream_channel.id AND l.sequence = " + last
                            + " AND l.type = ?), finished_at), newest = " + last + " WHERE name = ? AND " + last
                            + " > newest",
                    EventType.END.value(),
                    name.value());
        }
        return raised;
    }

    /**
     * Raises the low-water marks; locks the rows until the transaction ends.
     *
     * @param ranges in the order of their channels' names
     */
    void raiseTrimmed(List<TrimRange> ranges) {
        try (PreparedBatch batch = handle.prepareBatch(
                "UPDATE eventstream_channel SET trimmed_through = ? WHERE id = ? AND ? > trimmed_through")) {
            ranges.forEach(range -> batch.bind(0, range.through())
                    .bind(1, range.channelId())
                    .bind(2, range.through())
                    .add());
            batch.execute();
        }
    }

    /** Gives a channel a new epoch, unless its epoch is no longer the given one. */
    void renewEpoch(ChannelName name, String epoch) {
        handle.execute(
                "UPDATE eventstream_channel SET epoch = ? WHERE name = ? AND epoch = ?",
                Epochs.next(),
                name.value(),
                epoch);
    }

    /**
     * The sizes of the channels, in the database's order of their names.
     *
     * @param after the name to start after
     */
    List<ChannelStats> stats(String after, int limit) {
        try (Query query = handle.createQuery("SELECT c.name, c.newest - c.trimmed_through, e.created_at FROM ("
                + "SELECT id, name, newest, trimmed_through FROM eventstream_channel WHERE name > ?"
                + " ORDER BY name LIMIT ?) AS c LEFT JOIN eventstream_event e"
                + " ON e.channel_id = c.id AND e.sequence = c.trimmed_through + 1 ORDER BY c.name")) {
            return query.bind(0, after)
                    .bind(1, limit)
                    .map((row, context) -> new ChannelStats(
                            new ChannelName(row.getString(1)), row.getLong(2), oldest(row.getObject(3, Long.class))))
                    .list();
        }
    }

    private static Instant oldest(@Nullable Long createdAt) {
        return createdAt == null ? Instant.MAX : Instant.ofEpochMilli(createdAt);
    }

    /** A list of that many parameter markers. */
    static String markers(int count) {
        return "?" + ", ?".repeat(count - 1);
    }
}
