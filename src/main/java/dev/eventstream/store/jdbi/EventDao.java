package dev.eventstream.store.jdbi;

import com.google.common.collect.Iterables;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.EventType;
import dev.eventstream.store.PageLimit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code eventstream_event}. Confined to the thread of its handle. */
final class EventDao {
    /** Rows that are read without checking their sizes first. */
    static final int UNSEEN_ROWS = 50;

    /** The most keys in one statement. */
    private static final int MAX_KEYS = 500;

    private final Handle handle;

    EventDao(Handle handle) {
        this.handle = handle;
    }

    void insert(List<NewRow> rows) {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedBatch batch = handle.prepareBatch("INSERT INTO eventstream_event"
                + " (channel_id, sequence, type, data, skip_users, idempotency_key, created_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            for (NewRow row : rows) {
                batch.bind(0, row.channel().id())
                        .bind(1, row.sequence())
                        .bind(2, row.event().type().value())
                        .bind(3, row.event().data())
                        .bind(4, lines(row.event().skipUsers()))
                        .bind(5, row.event().idempotencyKey().orElse(null))
                        .bind(6, row.channel().newestAt())
                        .add();
            }
            batch.execute();
        }
    }

    /** The channel's events that were sent under one of the keys, by key. */
    Map<String, Event> findByKeys(ChannelRow channel, Collection<String> keys) {
        Map<String, Event> found = new HashMap<>();
        Iterables.partition(keys, MAX_KEYS).forEach(some -> addByKeys(channel, some, found));
        return found;
    }

    private void addByKeys(ChannelRow channel, List<String> keys, Map<String, Event> found) {
        try (Query query = handle.createQuery("SELECT sequence, type, data, skip_users, idempotency_key"
                + " FROM eventstream_event WHERE channel_id = ? AND idempotency_key IN ("
                + ChannelDao.markers(keys.size()) + ')')) {
            query.bind(0, channel.id());
            for (int i = 0; i < keys.size(); i++) {
                query.bind(i + 1, keys.get(i));
            }
            query.map((row, context) -> Map.entry(row.getString(5), event(channel, row)))
                    .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        }
    }

    /**
     * The events after a sequence, up to the limit or to the first gap.
     *
     * @param after not beyond the channel's newest
     */
    List<Event> read(ChannelRow channel, long after, PageLimit limit) {
        long from = after + 1;
        long through = Math.min(channel.newest(), after + limit.events());
        if (through - after > UNSEEN_ROWS) {
            through = lastWithin(limit, channel, from, through);
        }
        List<Event> page = new ArrayList<>();
        long characters = 0;
        for (Event event : through < from ? List.<Event>of() : readRows(channel, from, through)) {
            if (event.id().sequence() != from + page.size() || characters >= limit.characters()) {
                return page;
            }
            page.add(event);
            characters += event.data().length();
        }
        return page;
    }

    /** The last event that fits on a page. Later ones are then not loaded into memory. */
    private long lastWithin(PageLimit limit, ChannelRow channel, long from, long through) {
        long last = from - 1;
        long characters = 0;
        for (Size row : readSizes(channel, from, through)) {
            if (row.sequence != last + 1 || characters >= limit.characters()) {
                return last;
            }
            last = row.sequence;
            characters += row.characters;
        }
        return last;
    }

    private record Size(long sequence, long characters) {}

    private List<Size> readSizes(ChannelRow channel, long from, long through) {
        try (Query query = handle.createQuery("SELECT sequence, CHAR_LENGTH(data) FROM eventstream_event"
                + " WHERE channel_id = ? AND sequence BETWEEN ? AND ? ORDER BY channel_id, sequence")) {
            return query.bind(0, channel.id())
                    .bind(1, from)
                    .bind(2, through)
                    .map((row, context) -> new Size(row.getLong(1), row.getLong(2)))
                    .list();
        }
    }

    private List<Event> readRows(ChannelRow channel, long from, long through) {
        try (Query query = handle.createQuery("SELECT sequence, type, data, skip_users FROM eventstream_event"
                + " WHERE channel_id = ? AND sequence BETWEEN ? AND ? ORDER BY channel_id, sequence")) {
            return query.bind(0, channel.id())
                    .bind(1, from)
                    .bind(2, through)
                    .map((row, context) -> event(channel, row))
                    .list();
        }
    }

    /**
     * The channels to which events were sent at or after a time, each with the newest of these events. The index on created_at
     * contains everything that the query needs of the events.
     *
     * @param time in milliseconds since 1970
     */
    Map<ChannelName, EventId> newestSince(long time) {
        Map<ChannelName, EventId> newest = new HashMap<>();
        try (Query query = handle.createQuery("SELECT c.name, c.epoch, e.newest FROM ("
                + "SELECT channel_id, MAX(sequence) AS newest FROM eventstream_event WHERE created_at >= ? AND sequence > ?"
                + " GROUP BY channel_id) AS e JOIN eventstream_channel c ON c.id = e.channel_id")) {
            query.bind(0, time)
                    .bind(1, ChannelDao.neverRepeated())
                    .map((row, context) -> newest.put(
                            new ChannelName(row.getString(1)), new EventId(row.getString(2), row.getLong(3))))
                    .list();
        }
        return newest;
    }

    /**
     * The oldest events of all channels that were sent before a time.
     *
     * <p>In each channel they are the oldest events, because {@code created_at} decreases within a channel only after the
     * clock of a sender was wrong by more than {@link Dialect#MAX_CLOCK_SKEW_MILLIS}. In that case {@link #delete} removes earlier
     * events with them, so what remains has no gap.
     *
     * @param limit how many events at most
     * @return one range per channel, in the order of the names
     */
    List<TrimRange> oldest(long before, int limit) {
        try (Query query = handle.createQuery("SELECT c.name, c.id, o.highest, o.events FROM ("
                + "SELECT channel_id, MAX(sequence) AS highest, COUNT(*) AS events FROM ("
                + "SELECT channel_id, sequence FROM eventstream_event WHERE ? > created_at"
                + " ORDER BY created_at, channel_id, sequence LIMIT ?) AS e GROUP BY channel_id) AS o"
                + " JOIN eventstream_channel c ON c.id = o.channel_id")) {
            return query
                    .bind(0, before)
                    .bind(1, limit)
                    .map((row, context) -> new TrimRange(
                            new ChannelName(row.getString(1)), row.getLong(2), row.getLong(3), row.getInt(4)))
                    .stream()
                    .sorted()
                    .toList();
        }
    }

    /**
     * The sequence of a channel's last event that was sent before a time, among the events of a range. The search begins at the end of
     * the range, so it reads only the later events and this one.
     *
     * @param after the sequence before the first event to consider; the result if none was sent before that time
     * @param through the sequence of the last event to consider
     * @param before in milliseconds since 1970
     */
    long lastBefore(ChannelRow channel, long after, long through, long before) {
        try (Query query = handle.createQuery("SELECT sequence FROM eventstream_event"
                + " WHERE channel_id = ? AND sequence BETWEEN ? AND ? AND ? > created_at"
                + " ORDER BY channel_id DESC, sequence DESC LIMIT 1")) {
            return query.bind(0, channel.id())
                    .bind(1, after + 1)
                    .bind(2, through)
                    .bind(3, before)
                    .mapTo(Long.class)
                    .findOne()
                    .orElse(after);
        }
    }

    /** Deletes the ranges and all earlier events of their channels, whose times may be later if a clock was wrong. */
    void delete(List<TrimRange> ranges) {
        try (PreparedBatch batch =
                handle.prepareBatch("DELETE FROM eventstream_event WHERE channel_id = ? AND ? >= sequence")) {
            ranges.forEach(range ->
                    batch.bind(0, range.channelId()).bind(1, range.through()).add());
            batch.execute();
        }
    }

    /** When the oldest of all events was sent; {@link Instant#MAX} if there are none. */
    Instant oldest() {
        try (Query query = handle.createQuery("SELECT MIN(created_at) FROM eventstream_event")) {
            return query.map((row, context) -> row.getObject(1, Long.class)).stream()
                    .filter(Objects::nonNull)
                    .map(Instant::ofEpochMilli)
                    .findFirst()
                    .orElse(Instant.MAX);
        }
    }

    /** Refers to every table and column that must exist, and reads no row. */
    int readColumns() {
        try (Query query = handle.createQuery("SELECT c.id, c.name, c.epoch, c.newest, c.newest_at, c.trimmed_through,"
                + " c.finished_at,"
                + " e.channel_id, e.sequence, e.type, e.data, e.skip_users, e.idempotency_key, e.created_at,"
                + " u.channel_id, u.last_sequence, u.first_sequence, u.due_at, t.name, t.due_at,"
                + " m.id, m.sent_at, m.body"
                + " FROM eventstream_channel c JOIN eventstream_event e ON e.channel_id = c.id"
                + " JOIN eventstream_outbox u ON u.channel_id = c.id"
                + " JOIN eventstream_lease t ON t.name = c.name"
                + " JOIN eventstream_message m ON m.id = c.id WHERE c.id = 0")) {
            return query.map((row, context) -> row.getLong(1)).list().size();
        }
    }

    private static Event event(ChannelRow channel, ResultSet row) throws SQLException {
        return new Event(
                channel.name(),
                channel.position(row.getLong(1)),
                new EventType(row.getString(2)),
                row.getString(3),
                users(row.getString(4)));
    }

    // a user's name has no control characters, so a line feed can separate names
    static @Nullable String lines(Set<String> users) {
        return users.isEmpty() ? null : String.join("\n", users);
    }

    private static Set<String> users(@Nullable String lines) {
        return lines == null ? Set.of() : Set.of(lines.split("\n"));
    }
}
