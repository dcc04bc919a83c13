package dev.eventstream.store.jdbi;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** The SQL of {@code eventstream_outbox}. Confined to the thread of its handle. */
final class OutboxDao {
    private final Handle handle;

    OutboxDao(Handle handle) {
        this.handle = handle;
    }

    /**
     * Inserts one row for each channel of an append.
     *
     * @param added in the order of their sequences
     * @param dueAt in milliseconds since 1970
     */
    void insert(List<NewRow> added, long dueAt) {
        if (added.isEmpty()) {
            return;
        }
        try (PreparedBatch batch = handle.prepareBatch("INSERT INTO eventstream_outbox"
                + " (channel_id, last_sequence, first_sequence, due_at) VALUES (?, ?, ?, ?)")) {
            runs(added)
                    .forEach((channelId, run) -> batch.bind(0, channelId)
                            .bind(1, run.last())
                            .bind(2, run.first())
                            .bind(3, dueAt)
                            .add());
            batch.execute();
        }
    }

    private static SortedMap<Long, Run> runs(List<NewRow> added) {
        SortedMap<Long, Run> runs = new TreeMap<>();
        for (NewRow row : added) {
            Run one = new Run(row.sequence(), row.sequence());
            runs.merge(row.channel().id(), one, (run, next) -> new Run(run.first, next.last));
        }
        return runs;
    }

    private record Run(long first, long last) {}

    /** The rows that are due, those that have been due longest first. */
    List<OutboxRow> due(long now, int limit) {
        try (Query query = handle.createQuery("SELECT c.name, c.epoch, u.channel_id, u.first_sequence, u.last_sequence,"
                + " u.due_at FROM (SELECT channel_id, last_sequence, first_sequence, due_at FROM eventstream_outbox"
                + " WHERE ? >= due_at ORDER BY due_at, channel_id, last_sequence LIMIT ?) AS u"
                + " JOIN eventstream_channel c ON c.id = u.channel_id")) {
            return query.bind(0, now)
                    .bind(1, limit)
                    .map((row, context) -> new OutboxRow(
                            row.getString(1),
                            row.getString(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6)))
                    .list();
        }
    }

    /** When the row that is due first is due, in milliseconds since 1970; empty if there is no row. */
    Optional<Long> firstDueAt() {
        try (Query query = handle.createQuery("SELECT MIN(due_at) FROM eventstream_outbox")) {
            return query.map((row, context) -> row.getObject(1, Long.class)).stream()
                    .filter(Objects::nonNull)
                    .findFirst();
        }
    }

    /**
     * Makes a row due later.
     *
     * @return false if the row was postponed or deleted since it was read
     */
    boolean postpone(OutboxRow row, long dueAt) {
        // the difference keeps MariaDB from using the index of due_at, whose entry it would lock before the row itself,
        // while a deletion locks the row first
        return handle.execute(
                        "UPDATE eventstream_outbox SET due_at = ?"
                                + " WHERE channel_id = ? AND last_sequence = ? AND due_at - ? = 0",
                        dueAt,
                        row.channelId(),
                        row.last(),
                        row.dueAt())
                == 1;
    }

    /** Deletes those of the rows that contain only these events. */
    void delete(Collection<OutboxRow> rows) {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedBatch batch = handle.prepareBatch("DELETE FROM eventstream_outbox"
                + " WHERE channel_id = ? AND last_sequence BETWEEN ? AND ? AND first_sequence >= ?")) {
            rows.stream()
                    .sorted()
                    .forEach(row -> batch.bind(0, row.channelId())
                            .bind(1, row.first())
                            .bind(2, row.last())
                            .bind(3, row.first())
                            .add());
            batch.execute();
        }
    }
}
