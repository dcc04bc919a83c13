package dev.eventstream.torture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log with separate SQL, over a connection that no fault affects, and reports to {@link Truth}. It reads the last
 * few events of each channel again, to notice an id that is used twice.
 *
 * <p>Thread-safe; one reading at a time.
 */
final class LogFollower implements AutoCloseable {
    private static final int AGAIN = 30;
    private static final int PAGE = 2_000;

    private final Database database;
    private final Truth truth;
    private final Jobs jobs;
    private final Trace trace;

    // guarded by this
    private @Nullable Connection connection;
    /** The channels of a wipe whose outcome is not known yet. */
    private final List<Row> inDoubt = new ArrayList<>();

    LogFollower(Database database, Truth truth, Jobs jobs, Trace trace) {
        this.database = database;
        this.truth = truth;
        this.jobs = jobs;
        this.trace = trace;
    }

    private record Row(long id, String name, String epoch, long newest, long trimmed, boolean isFinished) {}

    /** Reads the new events; false if the database did not answer. */
    synchronized boolean read() {
        truth.beginReading();
        jobs.beginReading();
        try {
            readAll(connection());
            truth.judge();
            jobs.judge();
            trace.flush();
            return true;
        } catch (SQLException e) {
            trace.fault("the log cannot be read: " + e.getMessage());
            disconnect();
            return false;
        }
    }

    /** Reads the new events, and deletes all logs in the same transaction. */
    synchronized void wipe() throws SQLException {
        Connection connected = connection();
        try {
            connected.setAutoCommit(false);
            List<Row> rows = rows(connected, " FOR UPDATE");
            for (Row row : rows) {
                catchUp(connected, row, true);
            }
            for (Row row : rows) {
                execute(connected, "DELETE FROM eventstream_event WHERE channel_id = ?", row.id());
                execute(connected, "DELETE FROM eventstream_channel WHERE id = ?", row.id());
            }
            inDoubt.addAll(rows);
            connected.commit();
            settle(List.of());
            connected.setAutoCommit(true);
        } catch (SQLException e) {
            disconnect();
            throw e;
        }
    }

    /** Removes the last event of a log, so that its id is used again; {@link Bug#REUSE_ID}. */
    synchronized void takeBack() throws SQLException {
        Connection connected = connection();
        try {
            connected.setAutoCommit(false);
            List<Row> rows = rows(connected, " FOR UPDATE");
            Row row = rows.get(ThreadLocalRandom.current().nextInt(rows.size()));
            execute(
                    connected,
                    "DELETE FROM eventstream_event WHERE channel_id = ? AND sequence = " + row.newest(),
                    row.id());
            execute(connected, "UPDATE eventstream_channel SET newest = newest - 1 WHERE id = ?", row.id());
            connected.commit();
            connected.setAutoCommit(true);
            trace.fault("taken back channel=" + row.name() + " id=" + row.epoch() + '-' + row.newest());
        } catch (SQLException e) {
            disconnect();
            throw e;
        }
    }

    private Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = database.connect();
            open.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection = open;
        }
        return open;
    }

    private void disconnect() {
        try (Connection open = connection) {
            trace.fault("follower disconnects " + open);
        } catch (SQLException e) {
            trace.fault("follower could not disconnect: " + e.getMessage());
        } finally {
            connection = null;
        }
    }

    private void readAll(Connection connected) throws SQLException {
        List<Row> rows = rows(connected, "");
        settle(rows);
        for (Row row : rows) {
            catchUp(connected, row, false);
        }
    }

    /** Reports the channels of the last wipe that are gone, also if its commit was not confirmed. */
    private void settle(List<Row> present) {
        Set<Long> ids = present.stream().map(Row::id).collect(Collectors.toSet());
        inDoubt.stream().filter(row -> !ids.contains(row.id())).forEach(row -> {
            truth.wiped(row.name(), row.epoch());
            jobs.wiped(row.name());
        });
        inDoubt.clear();
    }

    // H2 caches the answer to a session's last query for too long; a value that never repeats prevents it
    private static List<Row> rows(Connection connected, String lock) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement statement = connected.prepareStatement(
                "SELECT id, name, epoch, newest, trimmed_through, finished_at FROM eventstream_channel"
                        + " WHERE newest > ? ORDER BY name" + lock)) {
            statement.setLong(1, ThreadLocalRandom.current().nextLong(Long.MIN_VALUE, 0));
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(new Row(
                            result.getLong(1),
                            result.getString(2),
                            result.getString(3),
                            result.getLong(4),
                            result.getLong(5),
                            result.getLong(6) > 0));
                }
            }
        }
        return rows;
    }

    private void catchUp(Connection connected, Row row, boolean isLocked) throws SQLException {
        long followed = truth.followedThrough(row.name(), row.epoch());
        jobs.row(row.name(), new Position(row.epoch(), row.newest()), row.isFinished());
        if (row.isFinished() && row.newest() == followed) {
            truth.followed(row.name(), row.epoch(), row.newest(), row.trimmed());
            return; // there are many of them, and nothing more can come
        }
        long after = row.newest() < followed ? 0 : Math.max(0, followed - AGAIN);
        List<Long> holes = new ArrayList<>();
        while (after < row.newest()) {
            long through = Math.min(row.newest(), after + PAGE);
            long next = after + 1;
            try (PreparedStatement statement =
                    connected.prepareStatement("SELECT sequence, data, type FROM eventstream_event"
                            + " WHERE channel_id = ? AND sequence > ? AND sequence <= ? ORDER BY sequence")) {
                statement.setLong(1, row.id());
                statement.setLong(2, after);
                statement.setLong(3, through);
                try (ResultSet result = statement.executeQuery()) {
                    while (result.next()) {
                        long sequence = result.getLong(1);
                        for (; next < sequence; next++) {
                            holes.add(next);
                        }
                        report(row, sequence, result.getString(2), result.getString(3));
                        next = sequence + 1;
                    }
                }
            }
            for (; next <= through; next++) {
                holes.add(next);
            }
            after = through;
        }
        long trimmed = row.trimmed();
        if (!holes.isEmpty()) {
            trimmed = isLocked ? trimmed : trimmedNow(connected, row);
            explain(row, holes, followed, trimmed);
        }
        truth.followed(row.name(), row.epoch(), row.newest(), trimmed);
    }

    private void report(Row row, long sequence, String data, String type) {
        Position position = new Position(row.epoch(), sequence);
        boolean isEnd = type.equals("stream-end");
        jobs.logged(row.name(), position, isEnd);
        if (isEnd) {
            truth.loggedEnd(row.name(), position);
        } else {
            truth.logged(row.name(), position, data);
        }
    }

    private void explain(Row row, List<Long> holes, long followed, long trimmed) {
        for (long sequence : holes) {
            if (sequence > trimmed && sequence > followed) {
                truth.hole(row.name(), new Position(row.epoch(), sequence));
            }
        }
    }

    /** The largest possible value if the whole log is gone: then nothing counts as a hole. */
    private static long trimmedNow(Connection connected, Row row) throws SQLException {
        return rows(connected, "").stream()
                .filter(now -> now.id() == row.id())
                .mapToLong(Row::trimmed)
                .findFirst()
                .orElse(row.trimmed());
    }

    private static void execute(Connection connected, String sql, long id) throws SQLException {
        try (PreparedStatement statement = connected.prepareStatement(sql)) {
            statement.setLong(1, id);
            statement.executeUpdate();
        }
    }

    @Override
    public synchronized void close() {
        disconnect();
    }
}
