package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Appends events to one channel in one compound statement, which also begins the transaction: one round trip where
 * {@link Append} takes four or five. The commit takes another; with JDBC's transactions, it takes two.
 *
 * <p>The driver does not know that a transaction has begun, so it must be ended by {@link #commit} or {@link #rollBack}.
 *
 * <p>The limit for locks is one for the whole statement, so a server that needs longer for the work itself ends it, too.
 *
 * <p>It stores all events or none: none if the channel has no row, is finished, or has no room for them (see
 * {@link ChannelRow#hasRoom}). {@link Append} then finds out why.
 *
 * <p>Confined to the thread of its handle.
 */
final class MariaDbAppend {
    /** Beyond this, the driver's bulk insert is faster. */
    private static final int MOST_EVENTS = 64;

    /** Far below any {@code max_allowed_packet}, even if the driver has to escape every character. */
    private static final int MOST_CHARACTERS = 64 << 10;

    // compound statements cannot be prepared by the server; MariaDB's driver understands the comment, and MySQL's finds
    // out
    private static final String CLIENT_PREPARES = "/*client prepare*/ ";

    private static final String BEGIN =
            "BEGIN NOT ATOMIC DECLARE channel, last, sent BIGINT; DECLARE word VARCHAR(16); START TRANSACTION; ";

    private static final String MOVE = Dialect.ADVANCE + " AND " + Dialect.HAS_ROOM + "; IF ROW_COUNT() = 1 THEN"
            + " SELECT id, epoch, newest, newest_at INTO channel, word, last, sent FROM eventstream_channel WHERE name = ?;"
            + " INSERT INTO eventstream_event (channel_id, sequence, type, data, skip_users, created_at) VALUES ";

    private static final String EVENT = "(channel, last - ?, ?, ?, ?, sent)";

    private static final String OUTBOX = "; INSERT INTO eventstream_outbox"
            + " (channel_id, last_sequence, first_sequence, due_at) VALUES (channel, last, last - ?, ?)";

    private static final String END = "; END IF; SELECT word, last; END";

    private final Handle handle;
    private final PlainAppend append;
    private final String limit;
    private int next;

    /**
     * @param limit precedes a statement that waits for locks
     */
    MariaDbAppend(Handle handle, PlainAppend append, String limit) {
        this.handle = handle;
        this.append = append;
        this.limit = limit;
    }

    /** Whether the events are few and small enough, and for one channel. */
    static boolean fits(List<NewEvent> events) {
        return events.size() <= MOST_EVENTS
                && events.stream().map(NewEvent::channel).distinct().count() == 1
                && events.stream().mapToInt(event -> event.data().length()).sum() <= MOST_CHARACTERS;
    }

    /** Begins the transaction and appends the events. If it stores nothing or fails, the transaction is rolled back. */
    Optional<Appended> begin() {
        Optional<Appended> appended = AllOrNothing.orUndo(this::run, () -> rollBack(handle));
        if (appended.isEmpty()) {
            rollBack(handle);
        }
        return appended;
    }

    static void commit(Handle handle) {
        handle.execute("COMMIT");
    }

    private static void rollBack(Handle handle) {
        handle.execute("ROLLBACK");
    }

    private Optional<Appended> run() {
        ChannelName channel = append.counts().firstKey();
        try (Query query = handle.createQuery(sql())) {
            bind(query, append.events().size());
            Dialect.times(append.now()).forEach(time -> bind(query, time));
            bind(query, channel.value());
            bind(query, channel.value());
            bindEvents(query);
            append.outboxDueAt().ifPresent(dueAt -> {
                bind(query, append.events().size() - 1);
                bind(query, dueAt);
            });
            return query.map((row, context) -> position(row.getString(1), row.getLong(2)))
                    .one()
                    .map(newest -> append.appended(Map.of(channel, newest)));
        }
    }

    private String sql() {
        return CLIENT_PREPARES
                + limit // MariaDB ignores it within the compound statement
                + BEGIN
                + MOVE
                + EVENT
                + (", " + EVENT).repeat(append.events().size() - 1)
                + (append.outboxDueAt().isPresent() ? OUTBOX : "")
                + END;
    }

    private void bindEvents(Query query) {
        int later = append.events().size();
        for (NewEvent event : append.events()) {
            bind(query, --later);
            bind(query, event.type().value());
            bind(query, event.data());
            query.bind(next++, EventDao.lines(event.skipUsers()));
        }
    }

    private void bind(Query query, Object value) {
        query.bind(next++, value);
    }

    private static Optional<EventId> position(@Nullable String epoch, long newest) {
        return Optional.ofNullable(epoch).map(known -> new EventId(known, newest));
    }
}
