package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Query;

/**
 * Appends events in one statement, which takes one round trip instead of the three or four of {@link Append}.
 *
 * <p>It stores all events or none. It stores none if one of the channels has no row, is finished, or has no room for them (see
 * {@link ChannelRow#hasRoom}). {@link Append} then finds out which channel it is.
 *
 * <p>The statement for several channels locks their rows in the order of the names before it changes any. If another
 * transaction changes a row in the meantime, PostgreSQL reads that row again after the transaction, so the positions have no gaps.
 * PostgreSQL ignores the order of the CTEs, but each uses the result of the one before.
 *
 * <p>Confined to the thread of its handle.
 */
final class PostgresAppend {
    private static final String NEWEST_AT = "newest_at = CASE WHEN newest_at BETWEEN ? AND ? THEN newest_at ELSE ? END";
    private static final String STORED =
            ", stored AS (INSERT INTO eventstream_event (channel_id, sequence, type, data, skip_users, created_at) ";
    private static final String RESULT = " SELECT name, epoch, newest FROM moved";

    private static final String MOVE_ONE = "WITH moved AS (" + Dialect.ADVANCE + " AND " + Dialect.HAS_ROOM + "%s"
            + " RETURNING name, id, epoch, newest, newest_at, newest - ? AS before)";

    private static final String ONE_EVENT =
            MOVE_ONE + STORED + "SELECT id, newest, ?, ?, ?, newest_at FROM moved)%s" + RESULT;

    private static final String ONE_CHANNEL = MOVE_ONE + STORED
            + "SELECT m.id, m.before + e.place, e.type, e.data, e.skip_users, m.newest_at FROM moved m CROSS JOIN"
            + " unnest(CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]))"
            + " WITH ORDINALITY AS e (type, data, skip_users, place))%s" + RESULT;

    private static final String SEVERAL_CHANNELS = "WITH wanted AS (SELECT w.name, w.events, w.number"
            + " FROM unnest(CAST(? AS text[]), CAST(? AS int[])) WITH ORDINALITY AS w (name, events, number)),"
            + " locked AS (SELECT c.id, w.events, w.number FROM wanted w JOIN eventstream_channel c ON c.name = w.name"
            + " WHERE " + Dialect.HAS_ROOM + "%s ORDER BY w.number FOR UPDATE OF c),"
            + " moved AS (UPDATE eventstream_channel c SET newest = newest + l.events, " + NEWEST_AT
            + " FROM locked l WHERE c.id = l.id AND (SELECT COUNT(*) FROM locked) = ?"
            + " RETURNING c.name, c.id, c.epoch, c.newest, c.newest_at, c.newest - l.events AS before, l.number)"
            + STORED
            + "SELECT m.id, m.before + e.place, e.type, e.data, e.skip_users, m.newest_at FROM moved m JOIN"
            + " unnest(CAST(? AS int[]), CAST(? AS int[]), CAST(? AS text[]), CAST(? AS text[]), CAST(? AS text[]))"
            + " AS e (number, place, type, data, skip_users) ON e.number = m.number)%s" + RESULT;

    private static final String OUTBOX = ", announced AS (INSERT INTO eventstream_outbox"
            + " (channel_id, last_sequence, first_sequence, due_at) SELECT id, newest, before + 1, ? FROM moved)";

    private static final String SAVEPOINT = "eventstream_append";

    /** The driver sends both statements at once. */
    private static final String RELEASE = "; RELEASE SAVEPOINT " + SAVEPOINT;

    private final Handle handle;
    private final PlainAppend append;
    private final LockWait wait;
    private int next;

    PostgresAppend(Handle handle, PlainAppend append, LockWait wait) {
        this.handle = handle;
        this.append = append;
        this.wait = wait;
    }

    /** Begins a transaction and runs the statement in it. If it stores nothing or fails, the transaction is rolled back. */
    Optional<Appended> begin() {
        handle.begin();
        Optional<Appended> appended = AllOrNothing.orUndo(this::run, handle::rollback);
        if (appended.isEmpty()) {
            handle.rollback();
        }
        return appended;
    }

    private Optional<Appended> run() {
        return run(sql());
    }

    /**
     * Runs the statement in a transaction that continues afterwards. If it fails or stores nothing, the transaction is as it was
     * before. It takes two round trips for one channel, three for several.
     */
    Optional<Appended> runWithin() throws SQLException {
        if (!isToOneChannel()) {
            return AllOrNothing.presentWithin(handle, this::run);
        }
        // if it stores nothing, it has locked only the channel that is tried again
        Connection connection = handle.getConnection();
        Savepoint before = connection.setSavepoint(SAVEPOINT);
        return AllOrNothing.orUndo(() -> run(sql() + RELEASE), () -> connection.rollback(before));
    }

    /** Runs the statement; empty if it stored nothing. */
    private Optional<Appended> run(String sql) {
        try (Query query = handle.createQuery(sql)) {
            if (append.events().size() == 1) {
                bindOneEvent(query);
            } else if (isToOneChannel()) {
                bindOneChannel(query);
            } else {
                bindSeveralChannels(query);
            }
            append.outboxDueAt().ifPresent(dueAt -> bind(query, dueAt));
            Map<ChannelName, EventId> newest = new HashMap<>();
            query.map((row, context) -> newest.put(
                            new ChannelName(row.getString(1)), new EventId(row.getString(2), row.getLong(3))))
                    .list();
            return newest.isEmpty() ? Optional.empty() : Optional.of(append.appended(newest));
        }
    }

    private boolean isToOneChannel() {
        return append.counts().size() == 1;
    }

    private String sql() {
        String several = isToOneChannel() ? ONE_CHANNEL : SEVERAL_CHANNELS;
        return (append.events().size() == 1 ? ONE_EVENT : several)
                .formatted(
                        wait.isLimited() ? " AND " + PostgresLockTimeout.CONDITION : "",
                        append.outboxDueAt().isPresent() ? OUTBOX : "");
    }

    private void bindOneEvent(Query query) {
        NewEvent event = append.events().get(0);
        bindMove(query);
        bind(query, event.type().value());
        bind(query, event.data());
        query.bind(next++, EventDao.lines(event.skipUsers()));
    }

    private void bindOneChannel(Query query) {
        bindMove(query);
        bindEvents(query);
    }

    private void bindMove(Query query) {
        bind(query, append.events().size());
        bindTimes(query);
        bind(query, append.counts().firstKey().value());
        bindLimit(query);
        bind(query, append.events().size());
    }

    private void bindSeveralChannels(Query query) {
        bindArray(query, "text", append.counts().keySet().stream().map(ChannelName::value));
        bindArray(query, "int", append.counts().values().stream());
        bindLimit(query);
        bindTimes(query);
        bind(query, append.counts().size());
        bindPlaces(query);
        bindEvents(query);
    }

    private void bindTimes(Query query) {
        Dialect.times(append.now()).forEach(time -> bind(query, time));
    }

    private void bindLimit(Query query) {
        if (wait.isLimited()) {
            for (Object value : PostgresLockTimeout.parameters(wait)) {
                bind(query, value);
            }
        }
    }

    /** For each event, the number of its channel and its place among the new events of that channel, both from 1. */
    private void bindPlaces(Query query) {
        Map<ChannelName, Integer> numbers = new HashMap<>();
        append.counts().keySet().forEach(name -> numbers.put(name, numbers.size() + 1));
        Map<ChannelName, Integer> used = new HashMap<>();
        List<NewEvent> events = append.events();
        bindArray(query, "int", events.stream().map(event -> numbers.get(event.channel())));
        bindArray(query, "int", events.stream().map(event -> used.merge(event.channel(), 1, Integer::sum)));
    }

    private void bindEvents(Query query) {
        List<NewEvent> events = append.events();
        bindArray(query, "text", events.stream().map(event -> event.type().value()));
        bindArray(query, "text", events.stream().map(NewEvent::data));
        bindArray(query, "text", events.stream().map(event -> EventDao.lines(event.skipUsers())));
    }

    private void bind(Query query, Object value) {
        query.bind(next++, value);
    }

    private void bindArray(Query query, String type, Stream<?> values) {
        Object[] array = values.toArray();
        Argument argument = (position, statement, context) ->
                statement.setArray(position, statement.getConnection().createArrayOf(type, array));
        query.bind(next++, argument);
    }
}
