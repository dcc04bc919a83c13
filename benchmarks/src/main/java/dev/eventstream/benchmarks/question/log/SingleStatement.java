package dev.eventstream.benchmarks.question.log;

import dev.eventstream.benchmarks.database.LogDatabase;
import io.dropwizard.db.ManagedDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The least that a durable event with the next id of its channel costs: one statement, which commits by itself, updates the channel's
 * row and inserts the event. It uses the tables of the bundle, the same driver and the same kind of pool, but nothing else of the bundle.
 * It does not handle new channels, idempotency keys, finished channels, time limits or readers.
 *
 * <p>MariaDB has no such statement. There it is a procedure call, which also takes one round trip.
 *
 * <p>Thread-safe.
 */
final class SingleStatement implements AutoCloseable {
    private static final String PROCEDURE = """
            CREATE PROCEDURE benchmark_send(
                IN sent_at BIGINT,
                IN channel VARCHAR(510) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin,
                IN event_type VARCHAR(255) CHARACTER SET utf8mb4,
                IN event_data LONGTEXT CHARACTER SET utf8mb4)
            BEGIN
                START TRANSACTION;
                UPDATE eventstream_channel SET newest = newest + 1, newest_at = sent_at WHERE name = channel;
                INSERT INTO eventstream_event (channel_id, sequence, type, data, created_at)
                    SELECT id, newest, event_type, event_data, newest_at FROM eventstream_channel WHERE name = channel
                    RETURNING sequence;
                COMMIT;
            END""";

    private static final String OF_POSTGRESQL =
            "WITH c AS (UPDATE eventstream_channel SET newest = newest + 1, newest_at = ? WHERE name = ?"
                    + " RETURNING id, newest, newest_at), e AS (INSERT INTO eventstream_event (channel_id, sequence, type, data,"
                    + " created_at) SELECT id, newest, ?, ?, newest_at FROM c) SELECT newest FROM c";

    private static final String OF_MARIADB = "CALL benchmark_send(?, ?, ?, ?)";

    private static final String OF_H2 =
            "SELECT sequence FROM FINAL TABLE (INSERT INTO eventstream_event (created_at, channel_id, sequence, type, data)"
                    + " SELECT newest_at, id, newest, CAST(? AS VARCHAR), CAST(? AS VARCHAR) FROM FINAL TABLE"
                    + " (UPDATE eventstream_channel SET newest = newest + 1, newest_at = ? WHERE name = ?))";

    private final String sql;
    private final boolean isTimeFirst;
    private final ManagedDataSource pool;

    private SingleStatement(String sql, boolean isTimeFirst, ManagedDataSource pool) {
        this.sql = sql;
        this.isTimeFirst = isTimeFirst;
        this.pool = pool;
    }

    static SingleStatement of(LogDatabase database, int connections) throws SQLException {
        ManagedDataSource pool = database.pool(database.url(), connections);
        return switch (database.name()) {
            case "postgresql" -> new SingleStatement(OF_POSTGRESQL, true, pool);
            case "mariadb" -> {
                database.execute(PROCEDURE);
                yield new SingleStatement(OF_MARIADB, true, pool);
            }
            default -> new SingleStatement(OF_H2, false, pool);
        };
    }

    /** Appends an event to a channel that has a row. Returns its sequence. */
    long send(String channel, String type, String data) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            int time = isTimeFirst ? 1 : 3;
            int event = isTimeFirst ? 3 : 1;
            statement.setLong(time, System.currentTimeMillis());
            statement.setString(time + 1, channel);
            statement.setString(event, type);
            statement.setString(event + 1, data);
            try (ResultSet result = statement.executeQuery()) {
                if (!result.next()) {
                    throw new SQLException("channel \"" + channel + "\" has no row");
                }
                return result.getLong(1);
            }
        }
    }

    @Override
    public void close() {
        stop(pool);
    }

    /** Closes all connections of a pool. */
    static void stop(ManagedDataSource pool) {
        try {
            pool.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the pool of connections cannot be closed", e);
        }
    }
}
