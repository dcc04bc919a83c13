package dev.eventstream.store.jdbi;

import com.google.common.collect.Iterables;
import dev.eventstream.channel.ChannelName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/** Reads rows of {@code eventstream_channel} by the names of their channels. */
final class ChannelRows {
    /** The most names in one statement. */
    static final int MAX_NAMES = 500;

    private ChannelRows() {}

    /** The rows of those channels that have one, without locking them. */
    static Map<ChannelName, ChannelRow> find(Handle handle, Collection<ChannelName> names) {
        Map<ChannelName, ChannelRow> found = new HashMap<>();
        Iterables.partition(names, MAX_NAMES)
                .forEach(some -> findSome(handle, some).forEach(row -> found.put(row.name(), row)));
        return found;
    }

    private static List<ChannelRow> findSome(Handle handle, List<ChannelName> names) {
        try (Query query = handle.createQuery("SELECT id, name, epoch, newest, newest_at, trimmed_through"
                + " FROM eventstream_channel WHERE name IN (" + markers(names.size()) + ") AND newest > ?")) {
            for (int i = 0; i < names.size(); i++) {
                query.bind(i, names.get(i).value());
            }
            return query.bind(names.size(), neverRepeated())
                    .map(ChannelRows::row)
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
                row.getLong(6));
    }

    /** Parameter markers, separated by commas. */
    static String markers(int count) {
        return "?" + ", ?".repeat(count - 1);
    }
}
