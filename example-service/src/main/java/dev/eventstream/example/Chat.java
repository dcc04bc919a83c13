package dev.eventstream.example;

import dev.eventstream.EventStream;
import dev.eventstream.event.NewEvent;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.core.Response.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** The messages of all rooms, in a table and as events. Thread-safe. */
final class Chat {
    /** The most messages of a history. */
    static final int HISTORY = 50;

    private final Jdbi jdbi;
    private final EventStream events;
    private final Clock clock;

    Chat(Jdbi jdbi, EventStream events, Clock clock) {
        this.jdbi = jdbi;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Stores a message and sends it to the room's channels, in one transaction: all or nothing. A draft whose key the room already knows
     * is not stored again; the message that it became is returned.
     *
     * @throws ClientErrorException with 409 if the key belongs to another message
     */
    Message post(Room room, Draft draft) {
        try {
            return jdbi.inTransaction(handle -> find(handle, room, draft).orElseGet(() -> store(handle, room, draft)));
        } catch (UnableToExecuteStatementException e) {
            // another request with the key may have committed in the meantime
            return jdbi.withHandle(handle -> find(handle, room, draft)).orElseThrow(() -> e);
        }
    }

    private static Optional<Message> find(Handle handle, Room room, Draft draft) {
        Optional<Message> found = handle.createQuery("select id, sender, sent_at, text from chat_message"
                        + " where room = :room and is_private = :private and idempotency_key = :key")
                .bind("room", room.name())
                .bind("private", room.isPrivate())
                .bind("key", draft.key())
                .map((row, context) -> message(row))
                .findOne();
        found.filter(message ->
                        !message.from().equals(draft.from()) || !message.text().equals(draft.text()))
                .ifPresent(other -> {
                    throw new ClientErrorException("another message has this Idempotency-Key", Status.CONFLICT);
                });
        return found;
    }

    private Message store(Handle handle, Room room, Draft draft) {
        Message message = insert(handle, room, draft);
        events.in(handle).sendAll(eventsOf(room, message));
        return message;
    }

    private List<NewEvent> eventsOf(Room room, Message message) {
        Stream<NewEvent> json = Stream.of(events.newEvent(room.channel(), "message", message));
        // the pages of the libraries show public rooms only
        Stream<Library> libraries = room.isPrivate() ? Stream.empty() : Arrays.stream(Library.values());
        return Stream.concat(json, libraries.map(library -> library.event(room, message)))
                .toList();
    }

    /** Tells the other readers of a room that somebody is writing. */
    void typing(Room room, String from) {
        events.send(room.typingChannel(), "typing", Map.of("from", from));
    }

    /** The newest messages of a room, and the position in its channel from which a stream continues. */
    History history(Room room) {
        // the position first: a message sent in between is in the list and also arrives as an event, but is never
        // missed
        String lastEventId = events.currentEventId(room.channel());
        return new History(jdbi.withHandle(handle -> newest(handle, room)), lastEventId);
    }

    /**
     * The newest messages of a room, and the matching position in one of its channels. A stream from there neither
     * misses a message nor repeats one.
     */
    History history(Room room, String channel) {
        return jdbi.inTransaction(TransactionIsolationLevel.SERIALIZABLE, handle -> {
            String lastEventId = events.in(handle).currentEventId(channel);
            return new History(newest(handle, room), lastEventId);
        });
    }

    private Message insert(Handle handle, Room room, Draft draft) {
        Instant date = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        long id = handle.createUpdate(
                        "insert into chat_message (room, is_private, sender, sent_at, text, idempotency_key)"
                                + " values (:room, :private, :sender, :sentAt, :text, :key)")
                .bind("room", room.name())
                .bind("private", room.isPrivate())
                .bind("key", draft.key())
                .bind("sender", draft.from())
                .bind("sentAt", date.toEpochMilli())
                .bind("text", draft.text())
                .executeAndReturnGeneratedKeys("id")
                .mapTo(long.class)
                .one();
        return new Message(id, draft.from(), date, draft.text());
    }

    private static List<Message> newest(Handle handle, Room room) {
        return handle.createQuery("select id, sender, sent_at, text from chat_message"
                        + " where room = :room and is_private = :private order by id desc limit :limit")
                .bind("room", room.name())
                .bind("private", room.isPrivate())
                .bind("limit", HISTORY)
                .map((row, context) -> message(row))
                .list();
    }

    private static Message message(ResultSet row) throws SQLException {
        return new Message(
                row.getLong("id"),
                row.getString("sender"),
                Instant.ofEpochMilli(row.getLong("sent_at")),
                row.getString("text"));
    }
}
