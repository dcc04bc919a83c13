package dev.eventstream.store.jdbi;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * The approximate size of the table of events.
 *
 * <p>Immutable.
 *
 * @param bytes with the indexes; 0 if unknown
 */
record TableSize(long rows, long bytes) {

    /**
     * Reads both numbers with one query.
     *
     * @param sql has one parameter, the name of the table
     */
    static TableSize ask(Handle handle, String sql) {
        try (Query query = handle.createQuery(sql)) {
            return query.bind(0, "eventstream_event")
                    .map(TableSize::of)
                    .findFirst()
                    .orElseGet(() -> new TableSize(0, 0));
        }
    }

    private static TableSize of(ResultSet row, StatementContext context) throws SQLException {
        return new TableSize(row.getLong(1), row.getLong(2));
    }
}
