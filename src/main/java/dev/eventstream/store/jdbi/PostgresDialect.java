package dev.eventstream.store.jdbi;

import com.google.common.collect.ObjectArrays;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/** PostgreSQL. */
final class PostgresDialect implements Dialect {
    /** A plain INSERT that finds a duplicate would abort the transaction. */
    @Override
    public void createChannel(Handle handle, ChannelName name, String epoch, LockWait wait) {
        String insert = "INSERT INTO eventstream_channel (name, epoch, newest, newest_at) SELECT ?, ?, 0, 0";
        String unlessThere = " ON CONFLICT (name) DO NOTHING";
        if (wait.isLimited()) {
            handle.execute(
                    insert + " WHERE " + PostgresLockTimeout.CONDITION + unlessThere,
                    ObjectArrays.concat(
                            new Object[] {name.value(), epoch}, PostgresLockTimeout.parameters(wait), Object.class));
        } else {
            handle.execute(insert + unlessThere, name.value(), epoch);
        }
    }

    @Override
    public Optional<ChannelName> advance(
            Handle handle, SortedMap<ChannelName, Integer> counts, long now, LockWait wait) {
        return wait.isLimited()
                ? Dialect.advance(
                        handle,
                        ADVANCE + " AND " + PostgresLockTimeout.CONDITION,
                        counts,
                        now,
                        PostgresLockTimeout.parameters(wait))
                : Dialect.advance(handle, ADVANCE, counts, now);
    }

    @Override
    public boolean appendsAtOnce(List<NewEvent> events) {
        return true;
    }

    @Override
    public Optional<Appended> appendAtOnce(Handle handle, PlainAppend append, LockWait wait) {
        return new PostgresAppend(handle, append, wait).begin();
    }

    @Override
    public boolean appendsAtOnceWithin() {
        return true;
    }

    @Override
    public Optional<Appended> appendAtOnceWithin(Handle handle, PlainAppend append) throws SQLException {
        return new PostgresAppend(handle, append, LockWait.OF_DATABASE).runWithin();
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
}
