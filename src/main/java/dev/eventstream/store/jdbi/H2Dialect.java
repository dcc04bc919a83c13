package dev.eventstream.store.jdbi;

import com.google.common.collect.Iterables;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.EventStoreException;
import java.math.BigDecimal;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * H2, in memory or in a file.
 *
 * <p>An append locks the rows of its channels with {@code FOR UPDATE WAIT}. It does not set {@code LOCK_TIMEOUT}, because every SET
 * makes H2 compile all prepared statements of all connections again ({@code org.h2.command.dml.Set} counts it as a change of the
 * metadata). Only the creation of a channel sets it, and restores it afterwards.
 */
final class H2Dialect implements Dialect {
    private static final int MILLIS_SCALE = 3;

    @Override
    public void advance(Handle handle, SortedMap<ChannelName, Integer> counts, long now, LockWait wait) {
        wait.millis()
                .ifPresent(millis -> Iterables.partition(counts.keySet(), ChannelDao.MAX_NAMES)
                        .forEach(names -> lock(handle, names, millis)));
        Dialect.advance(handle, ADVANCE, counts, now);
    }

    private static void lock(Handle handle, List<ChannelName> names, long millis) {
        try (Query query = handle.createQuery("SELECT id FROM eventstream_channel WHERE name IN ("
                + ChannelDao.markers(names.size()) + ") ORDER BY name FOR UPDATE WAIT "
                + BigDecimal.valueOf(millis, MILLIS_SCALE).toPlainString())) {
            for (int i = 0; i < names.size(); i++) {
                query.bind(i, names.get(i).value());
            }
            query.mapTo(Long.class).list();
        }
    }

    /** If the INSERT finds a duplicate, H2 undoes only that statement. */
    @Override
    public void createChannel(Handle handle, ChannelName name, String epoch, LockWait wait) {
        if (wait.isLimited()) {
            long before = swapLockTimeout(handle, wait.millis().orElseThrow());
            try {
                createChannel(handle, name, epoch);
            } catch (RuntimeException | Error e) {
                restoreAfter(e, handle, before);
                throw e;
            }
            restore(handle, before);
        } else {
            createChannel(handle, name, epoch);
        }
    }

    private static void createChannel(Handle handle, ChannelName name, String epoch) {
        try {
            handle.execute(
                    "INSERT INTO eventstream_channel (name, epoch, newest, newest_at) VALUES (?, ?, 0, 0)",
                    name.value(),
                    epoch);
        } catch (UnableToExecuteStatementException e) {
            if (!SqlErrors.isDuplicate(e)) {
                throw e;
            }
        }
    }

    private static void restoreAfter(Throwable failure, Handle handle, long before) {
        try {
            restore(handle, before);
        } catch (LockTimeoutException e) {
            failure.addSuppressed(e);
        }
    }

    private static long swapLockTimeout(Handle handle, long millis) {
        try (Statement statement = handle.getConnection().createStatement();
                ResultSet result = statement.executeQuery("CALL LOCK_TIMEOUT()")) {
            result.next();
            long before = result.getLong(1);
            setLockTimeout(statement, millis);
            return before;
        } catch (SQLException e) {
            throw new LockTimeoutException(e);
        }
    }

    private static void restore(Handle handle, long millis) {
        try (Statement statement = handle.getConnection().createStatement()) {
            setLockTimeout(statement, millis);
        } catch (SQLException e) {
            throw new LockTimeoutException(e);
        }
    }

    private static void setLockTimeout(Statement statement, long millis) throws SQLException {
        statement.execute("SET LOCK_TIMEOUT " + Math.min(millis, Integer.MAX_VALUE));
    }

    private static final class LockTimeoutException extends JdbiException {
        private static final long serialVersionUID = 1;

        LockTimeoutException(SQLException cause) {
            super("the limit on lock waits cannot be set", cause);
        }
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
