package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.EventStoreException;
import java.sql.DatabaseMetaData;
import java.util.Optional;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** H2, in this process or in a server. */
final class H2Dialect implements Dialect {

    @Override
    public Optional<ChannelName> advance(
            Handle handle, SortedMap<ChannelName, Integer> counts, long now, LockWait wait) {
        return H2LockTimeout.limit(handle, wait, () -> Dialect.advance(handle, ADVANCE, counts, now));
    }

    /** If the INSERT finds a duplicate, H2 undoes only that statement. */
    @Override
    public void createChannel(Handle handle, ChannelName name, String epoch, LockWait wait) {
        boolean unused = H2LockTimeout.limit(handle, wait, () -> insert(handle, name, epoch));
    }

    /** Inserts the row of a channel; returns whether there was none before. */
    private static boolean insert(Handle handle, ChannelName name, String epoch) {
        try {
            handle.execute(
                    "INSERT INTO eventstream_channel (name, epoch, newest, newest_at) VALUES (?, ?, 0, 0)",
                    name.value(),
                    epoch);
            return true;
        } catch (UnableToExecuteStatementException e) {
            if (!SqlErrors.isDuplicate(e)) {
                throw e;
            }
            return false;
        }
    }

    /** At REPEATABLE READ, H2 locks as at READ COMMITTED, and takes a snapshot of a table only when it is first read. */
    @Override
    public boolean isCostly(TransactionIsolationLevel level) {
        return level == TransactionIsolationLevel.SERIALIZABLE;
    }

    @Override
    public Snapshots snapshots() {
        return Snapshots.OF_H2;
    }

    /** H2 knows the number of rows, but would have to read all pages to add up their bytes. */
    @Override
    public TableSize size(Handle handle) {
        return TableSize.ask(
                handle,
                "SELECT row_count_estimate, 0 FROM information_schema.tables"
                        + " WHERE table_schema = CURRENT_SCHEMA AND LOWER(table_name) = ?");
    }

    @Override
    public String howToMigrate(Handle handle) {
        return handle.queryMetadata(DatabaseMetaData::getURL).startsWith("jdbc:h2:mem:")
                ? "an H2 database in memory belongs to one process, so `db migrate` in another process does not reach it:"
                        + " apply the changelog in this process before the server starts, or use a file"
                : SqlErrors.RUN_MIGRATE;
    }

    /**
     * Checks that H2 writes each commit before it reports it. By default, H2 writes to a file up to half a second later. An
     * event that is lost this way may have been delivered, and its id would be used for another event.
     */
    @Override
    public void check(Handle handle) {
        try (Query query =
                handle.createQuery("SELECT setting_value FROM information_schema.settings WHERE setting_name = ?")) {
            query.bind(0, "WRITE_DELAY").mapTo(String.class).forEach(H2Dialect::requireNone);
        }
    }

    private static void requireNone(String delay) {
        if (!delay.equals("0")) {
            throw new EventStoreException(
                    "H2 writes commits to its file up to " + delay + " ms late, so events that were"
                            + " sent can be lost with the process; add ;WRITE_DELAY=0 to the URL of the database");
        }
    }
}
