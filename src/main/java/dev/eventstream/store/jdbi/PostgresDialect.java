package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/**
 * PostgreSQL.
 *
 * <p>The statement that takes the first lock of a transaction also sets {@code lock_timeout} for that transaction, in a
 * condition that is evaluated before the row is locked. So the limit costs no round trip, and it ends with the transaction.
 */
final class PostgresDialect implements Dialect {
    private static final String LIMIT = "set_config(?, ?, ?) IS NOT NULL";
    private static final String LOCK_TIMEOUT = "lock_timeout";

    /** A plain INSERT that finds a duplicate would abort the transaction. */
    @Override
    public void createChannel(Handle handle, ChannelName name, String epoch, LockWait wait) {
        String insert = "INSERT INTO eventstream_channel (name, epoch, newest, newest_at) SELECT ?, ?, 0, 0";
        String unlessThere = " ON CONFLICT (name) DO NOTHING";
        if (wait.isLimited()) {
            handle.execute(
                    insert + " WHERE " + LIMIT + unlessThere,
                    name.value(),
                    epoch,
                    LOCK_TIMEOUT,
                    milliseconds(wait),
                    true);
        } else {
            handle.execute(insert + unlessThere, name.value(), epoch);
        }
    }

    @Override
    public Optional<ChannelName> advance(
            Handle handle, SortedMap<ChannelName, Integer> counts, long now, LockWait wait) {
        return wait.isLimited()
                ? Dialect.advance(
                        handle, ADVANCE + " AND " + LIMIT, counts, now, LOCK_TIMEOUT, milliseconds(wait), true)
                : Dialect.advance(handle, ADVANCE, counts, now);
    }

    /** The statistics count rows within seconds, but a server that has crashed counts from 0 until the next ANALYZE. */
    @Override
    public TableSize size(Handle handle) {
        return TableSize.ask(
                handle,
                "SELECT n_live_tup, pg_total_relation_size(relid) FROM pg_stat_user_tables WHERE relid = to_regclass(?)");
    }

    @Override
    public OptionalInt maxConnections(Handle handle) {
        try (Query query = handle.createQuery("SELECT current_setting('max_connections')")) {
            return OptionalInt.of(query.mapTo(Integer.class).one());
        }
    }

    /**
     * Between two statements of one connection, another connection begins a transaction. A pooler by transactions gives it the server's
     * process that the first statement has left, so the second statement runs in another one.
     */
    @Override
    public boolean isPooledByTransaction(Jdbi jdbi, Handle other) {
        int before = process(other);
        try (Handle inBetween = jdbi.open()) {
            inBetween.begin();
            try {
                return process(inBetween) == before || process(other) != before;
            } finally {
                inBetween.rollback();
            }
        }
    }

    private static int process(Handle handle) {
        try (Query query = handle.createQuery("SELECT pg_backend_pid()")) {
            return query.mapTo(Integer.class).one();
        }
    }

    // a number without a unit means milliseconds
    private static String milliseconds(LockWait wait) {
        return Long.toString(wait.millis().orElseThrow());
    }
}
