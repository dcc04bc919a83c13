package dev.eventstream.benchmarks.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A log that SQL fills as if its events had been sent at a steady rate, to all channels in turn: event number {@code n}, from 0, is number
 * {@code n / channels + 1} of the channel {@code channel-(n mod channels)}.
 *
 * <p>Immutable.
 *
 * @param events the number of events in all
 * @param channels the number of channels; those beyond the number of events are empty
 * @param first when the first event was sent
 * @param perSecond events sent per second
 */
public record BulkLog(long events, int channels, Instant first, int perSecond) {
    /** The epoch of all its channels. */
    public static final String EPOCH = "benchmark";

    private static final int PART = 500_000;
    private static final int DATA_CHARACTERS = 100;

    /** A log whose newest event was sent at that time. */
    public static BulkLog until(Instant newest, long events, int channels, int perSecond) {
        return new BulkLog(events, channels, newest.minusMillis((events - 1) * 1_000 / perSecond), perSecond);
    }

    /** The number of events in the channel with the fewest. */
    public long perChannel() {
        return events / channels;
    }

    /** Replaces the whole log of this server. */
    public void fill(LogDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            boolean isMariaDb = database.name().equals("mariadb");
            empty(statement, isMariaDb);
            fillChannels(connection, isMariaDb);
            if (isMariaDb) {
                fillMariaDb(connection, statement);
            } else {
                fillPostgres(connection);
            }
            analyze(statement, isMariaDb);
        }
    }

    private static void empty(Statement statement, boolean isMariaDb) throws SQLException {
        for (String table : List.of("event", "channel", "outbox")) {
            statement.execute("TRUNCATE TABLE eventstream_" + table
                    + (isMariaDb || !table.equals("channel") ? "" : " RESTART IDENTITY"));
        }
    }

    private void fillChannels(Connection connection, boolean isMariaDb) throws SQLException {
        String numbers = isMariaDb
                ? "(SELECT seq AS n FROM seq_0_to_" + (channels - 1) + ") AS numbers"
                : "generate_series(0, " + (channels - 1) + ") AS n";
        String name = isMariaDb ? "CONCAT('channel-', n)" : "'channel-' || n";
        String newest = "(" + (events + channels - 1) + " - n) / " + channels;
        update(
                connection,
                "INSERT INTO eventstream_channel (id, name, epoch, newest, newest_at) SELECT n + 1, " + name + ", '"
                        + EPOCH + "', " + (isMariaDb ? "FLOOR(" + newest + ")" : newest) + ", ? FROM " + numbers,
                first.plusMillis(events * 1_000 / perSecond).toEpochMilli());
        if (!isMariaDb) {
            update(connection, "SELECT setval(pg_get_serial_sequence('eventstream_channel', 'id'), ?)", channels + 1L);
        }
    }

    /** Inserts in order of time, as senders would. */
    private void fillPostgres(Connection connection) throws SQLException {
        for (long from = 0; from < events; from += PART) {
            long to = Math.min(events, from + PART) - 1;
            update(
                    connection,
                    "INSERT INTO eventstream_event (channel_id, sequence, type, data, created_at)"
                            + " SELECT n % " + channels + " + 1, n / " + channels + " + 1, 'message', repeat('x', "
                            + DATA_CHARACTERS + "), ? + n * 1000 / " + perSecond + " FROM generate_series("
                            + from + "::bigint, " + to + "::bigint) AS n",
                    first.toEpochMilli());
        }
    }

    /**
     * In the order of the primary key and without secondary indexes, which are created again at the end: InnoDB keeps the rows in the
     * primary key. Otherwise, it would read and write a page for each row.
     */
    private void fillMariaDb(Connection connection, Statement statement) throws SQLException {
        List<Index> indexes = Index.of(statement, "eventstream_event");
        for (Index index : indexes) {
            statement.execute("DROP INDEX " + index.name() + " ON eventstream_event");
        }
        long longest = (events + channels - 1) / channels;
        long channelsAtOnce = Math.max(1, PART / longest);
        for (long from = 0; from < Math.min(channels, events); from += channelsAtOnce) {
            long to = Math.min(channels, from + channelsAtOnce) - 1;
            for (long sequence = 0; sequence < longest; sequence += PART) {
                long last = Math.min(longest, sequence + PART) - 1;
                update(
                        connection,
                        "INSERT INTO eventstream_event (channel_id, sequence, type, data, created_at)"
                                + " SELECT c.seq + 1, s.seq + 1, 'message', REPEAT('x', " + DATA_CHARACTERS
                                + "), ? + FLOOR((s.seq * " + channels + " + c.seq) * 1000 / " + perSecond
                                + ") FROM seq_" + from + "_to_" + to + " c JOIN seq_" + sequence + "_to_" + last + " s"
                                + " WHERE s.seq * " + channels + " + c.seq < " + events,
                        first.toEpochMilli());
            }
        }
        for (Index index : indexes) {
            statement.execute(index.create("eventstream_event"));
        }
    }

    private static void update(Connection connection, String sql, long parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, parameter);
            statement.execute();
        }
    }

    private static void analyze(Statement statement, boolean isMariaDb) throws SQLException {
        if (isMariaDb) {
            statement.execute("ANALYZE TABLE eventstream_channel, eventstream_event");
        } else {
            statement.execute("VACUUM ANALYZE eventstream_channel");
            statement.execute("VACUUM ANALYZE eventstream_event");
            statement.execute("CHECKPOINT");
        }
    }

    /** A secondary index of MariaDB. */
    private record Index(String name, boolean isUnique, String columns) {
        static List<Index> of(Statement statement, String table) throws SQLException {
            List<Index> indexes = new ArrayList<>();
            try (ResultSet found = statement.executeQuery(
                    "SELECT index_name, MIN(non_unique), GROUP_CONCAT(column_name ORDER BY seq_in_index)"
                            + " FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = '"
                            + table
                            + "' AND index_name != 'PRIMARY' GROUP BY index_name")) {
                while (found.next()) {
                    indexes.add(new Index(found.getString(1), found.getInt(2) == 0, found.getString(3)));
                }
            }
            return indexes;
        }

        String create(String table) {
            return "CREATE " + (isUnique ? "UNIQUE " : "") + "INDEX " + name + " ON " + table + " (" + columns + ')';
        }
    }
}
