package dev.eventstream.example;

import dev.eventstream.EventStream;
import dev.eventstream.event.NewEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
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

    /** Stores a message and sends it to the room's channels, in one transaction: all or nothing. */
    Message post(Room room, Draft draft) {
        return jdbi.inTransaction(handle -> {
            Message message = insert(handle, room, draft);
            events.in(handle).sendAll(eventsOf(room, message));
            return message;
        });
    }

    private List<NewEvent> eventsOf(Room room, Message message) {
        NewEvent json = events.newEvent(room.channel(), "message", message);
        Stream<NewEvent> html = Arrays.stream(Library.values()).map(library -> library.event(room, message));
        return Stream.concat(Stream.of(json), html).toList();
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
                        "insert into chat_message (room, sender, sent_at, text) values (:room, :sender, :sentAt, :text)")
                .bind("room", room.name())
                .bind("sender", draft.from())
                .bind("sentAt", date.toEpochMilli())
                .bind("text", draft.text())
                .executeAndReturnGeneratedKeys("id")
                .mapTo(long.class)
                .one();
        return new Message(id, draft.from(), date, draft.text());
    }

    private static List<Message> newest(Handle handle, Room room) {
        return handle.createQuery(
                        "select id, sender, sent_at, text from chat_message where room = :room order by id desc limit :limit")
                .bind("room", room.name())
                .bind("limit", HISTORY)
                .map((row, context) -> new Message(
                        row.getLong("id"),
                        row.getString("sender"),
                        Instant.ofEpochMilli(row.getLong("sent_at")),
                        row.getString("text")))
                .list();
    }
}
