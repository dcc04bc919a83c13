package dev.eventstream.store.jdbi;

import com.google.common.collect.Iterables;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.Epochs;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code eventstream_channel}. Confined to the thread of its handle. */
final class ChannelDao {
    /** Names in one statement. */
    static final int MAX_NAMES = 500;

    /** Rows of {@code eventstream_channel_lock}. */
    private static final int STRIPES = 16;

    private final Handle handle;

    ChannelDao(Handle handle) {
        this.handle = handle;
    }

    /** The rows of those channels that have one, without locking them. */
    Map<ChannelName, ChannelRow> find(Collection<ChannelName> names) {
        Map<ChannelName, ChannelRow> found = new HashMap<>();
        Iterables.partition(names, MAX_NAMES)
                .forEach(some -> findSome(some).forEach(row -> found.put(row.name(), row)));
        return found;
    }

    // H2 keeps the answer to a session's last query and gives it again until another session's commit is over, though
    // that commit can be seen already: newest would seem to go back. A value that never comes again prevents it.
    private List<ChannelRow> findSome(List<ChannelName> names) {
        try (Query query = handle.createQuery("SELECT id, name, epoch, newest, newest_at, trimmed_through"
                + " FROM eventstream_channel WHERE name IN (" + markers(names.size()) + ") AND newest > ?")) {
            for (int i = 0; i < names.size(); i++) {
                query.bind(i, names.get(i).value());
            }
            return query.bind(names.size(), ThreadLocalRandom.current().nextLong(Long.MIN_VALUE, 0))
                    .map(ChannelDao::row)
                    .list();
        }
    }

    private static ChannelRow row(ResultSet row, StatementContext context) throws SQLException {
        return new ChannelRow(
                row.getLong(1),
                new ChannelName(row.getString(2)),
                row.getString(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6));
    }

    /**
     * Gives every channel a row. Where another transaction is about to make it, this one waits for it.
     *
     * <p>Looking first keeps this from locking the gap in which a missing name would be, as InnoDB would do for an update
     * that finds no row, at REPEATABLE READ; two senders with such a lock cannot both insert.
     */
    void createMissing(SortedSet<ChannelName> names) {
        Map<ChannelName, ChannelRow> found = find(names);
        List<ChannelName> missing =
                names.stream().filter(name -> !found.containsKey(name)).toList();
        if (isInnoDb()) {
            lockStripes(missing);
        }
        missing.forEach(this::create);
    }

    /**
     * Locks what nobody removes, until the transaction ends, so that whoever else would make the same channels waits here.
     *
     * <p>Those who wait for the row itself would each be left with a lock on the gap where it was, should the transaction
     * that made it roll back, and then none of them could insert there: InnoDB would end all but one.
     */
    private void lockStripes(List<ChannelName> names) {
        names.stream()
                .map(name -> Math.floorMod(name.value().hashCode(), STRIPES))
                .distinct()
                .sorted()
                .forEach(stripe -> readStripe(stripe, " FOR UPDATE"));
    }

    private int readStripe(int stripe, String lock) {
        try (Query query = handle.createQuery("SELECT stripe FROM eventstream_channel_lock WHERE stripe = ?" + lock)) {
            return query.bind(0, stripe).mapTo(Integer.class).list().size();
        }
    }

    /** Fails where the database needs a table for its locks and has none. */
    void check() {
        if (isInnoDb()) {
            readStripe(0, "");
        }
    }

    private void create(ChannelName name) {
        try {
            handle.execute(insert(), name.value(), Epochs.next());
        } catch (UnableToExecuteStatementException e) {
            if (!SqlErrors.isDuplicate(e)) {
                throw e;
            }
        }
    }

    // H2 undoes just the insert that finds a duplicate; PostgreSQL would end the transaction; MySQL and MariaDB would
    // leave a shared lock, as INSERT IGNORE does too, and two senders cannot both raise it to the lock they need next
    private String insert() {
        String insert = "INSERT INTO eventstream_channel (name, epoch, newest, newest_at) VALUES (?, ?, 0, 0)";
        if (isInnoDb()) {
            return insert + " ON DUPLICATE KEY UPDATE newest = newest";
        }
        return productName().equals("PostgreSQL") ? insert + " ON CONFLICT (name) DO NOTHING" : insert;
    }

    private boolean isInnoDb() {
        return Set.of("MariaDB", "MySQL").contains(productName());
    }

    private String productName() {
        return handle.queryMetadata(DatabaseMetaData::getDatabaseProductName);
    }

    /**
     * Makes room for so many events in each channel, and thereby locks the rows in the order of their names until the
     * transaction ends.
     *
     * @param now in milliseconds since 1970; a channel whose newest event is of a later time keeps that
     */
    void advance(SortedMap<ChannelName, Integer> counts, long now) {
        try (PreparedBatch batch = handle.prepareBatch("UPDATE eventstream_channel SET newest = newest + ?,"
                + " newest_at = CASE WHEN newest_at > ? THEN newest_at ELSE ? END WHERE name = ?")) {
            counts.forEach((name, count) -> batch.bind(0, count)
                    .bind(1, now)
                    .bind(2, now)
                    .bind(3, name.value())
                    .add());
            batch.execute();
        }
    }

    /** Gives back room that was not needed in a channel that is locked. */
    void retreat(ChannelRow channel, long newest) {
        handle.execute("UPDATE eventstream_channel SET newest = ? WHERE id = ?", newest, channel.id());
    }

    /**
     * Raises newest to the last event in the log where it is behind it; locks the rows that it changes.
     *
     * <p>It is behind when H2 (2.4.240, {@code RollbackDecisionMaker}) undoes a row twice for one rollback and the second
     * time takes back what another transaction has committed meanwhile.
     */
    void catchUpWithLog(Collection<ChannelName> names) {
        String last = "(SELECT MAX(e.sequence) FROM eventstream_event e WHERE e.channel_id = eventstream_channel.id)";
        for (ChannelName name : names) {
            handle.execute(
                    "UPDATE eventstream_channel SET newest = " + last + " WHERE name = ? AND " + last + " > newest",
                    name.value());
        }
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

    /**
     * How much there is of the channels, in the order of their names as the database sorts them.
     *
     * @param after the name to begin after
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

    /** So many question marks. */
    static String markers(int count) {
        return "?" + ", ?".repeat(count - 1);
    }
}
