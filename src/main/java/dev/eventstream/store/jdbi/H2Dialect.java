package dev.eventstream.store.jdbi;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.EventStoreException;
import java.math.BigDecimal;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * H2, in memory or in a file.
 *
 * <p>An append reads and locks the rows of its channels with {@code FOR UPDATE WAIT}, and then changes what it has read. It does not
 * set {@code LOCK_TIMEOUT}, because every SET makes H2 compile all prepared statements of all connections again
 * ({@code org.h2.command.dml.Set} counts it as a change of the metadata). Only the creation of a channel sets it, and restores it
 * afterwards.
 */
final class H2Dialect implements Dialect {
    private static final int MILLIS_SCALE = 3;
    private static final String REPLACE =
            "UPDATE eventstream_channel SET newest = ?, newest_at = ? WHERE id = ? AND newest = ?";

    @Override
    public Map<ChannelName, ChannelRow> advance(
            Handle handle, SortedMap<ChannelName, Integer> counts, long now, LockWait wait) {
        if (!wait.isLimited()) {
            return Dialect.super.advance(handle, counts, now, wait);
        }
        List<ChannelRow> locked =
                List.copyOf(ChannelRows.find(handle, counts.keySet(), " ORDER BY name FOR UPDATE WAIT " + seconds(wait))
                        .values());
        return replace(
                handle,
                locked,
                locked.stream()
                        .map(row -> row.advanced(requireNonNull(counts.get(row.name())), now))
                        .toList());
    }

    private static String seconds(LockWait wait) {
        return BigDecimal.valueOf(wait.millis().orElseThrow(), MILLIS_SCALE).toPlainString();
    }

    /** Writes the new row of each channel whose newest event is still that of the old row, and returns these. */
    private static Map<ChannelName, ChannelRow> replace(Handle handle, List<ChannelRow> old, List<ChannelRow> fresh) {
        if (old.isEmpty()) {
            return Map.of();
        }
        try (PreparedBatch batch = handle.prepareBatch(REPLACE)) {
            for (int i = 0; i < old.size(); i++) {
                batch.bind(0, fresh.get(i).newest())
                        .bind(1, fresh.get(i).newestAt())
                        .bind(2, old.get(i).id())
                        .bind(3, old.get(i).newest())
                        .add();
            }
            int[] changed = batch.execute();
            return IntStream.range(0, changed.length)
                    .filter(i -> changed[i] == 1)
                    .mapToObj(fresh::get)
                    .collect(toMap(ChannelRow::name, row -> row));
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
