package dev.eventstream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.jdbi.ConnectionTransaction;
import dev.eventstream.store.jdbi.JdbiStoreTransaction;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What an application calls to send events. Get it from {@link EventStreamBundle#eventStream()}; it works once the
 * bundle has run.
 *
 * <p>Data is encoded by the application's own ObjectMapper; for text as it is, make the event with
 * {@link NewEvent#text(String, String, String)}.
 *
 * <p>Every method throws {@link IllegalStateException} before the bundle has run, {@link IllegalArgumentException} for a
 * channel, type or data that is not allowed, and {@link dev.eventstream.store.EventStoreException} if the database
 * failed; then nothing was sent, unless the exception says that its outcome is unknown.
 *
 * <p>Thread-safe.
 */
public final class EventStream {
    private volatile @Nullable Parts parts;

    EventStream() {}

    /** What the bundle built. */
    record Parts(ObjectMapper objectMapper, EventPublisher publisher, EventStore store, Permissions permissions) {}

    void open(Parts built) {
        this.parts = built;
    }

    /**
     * Sends one event. It is durable when this returns, and with every reader soon after.
     *
     * @param channel 1 to 255 characters
     * @param type such as {@code message}
     * @param data anything that the application's ObjectMapper can write
     * @return the event with its id, or without one if the channel is not stored
     */
    public Event send(String channel, String type, Object data) {
        return send(newEvent(channel, type, data));
    }

    /** Sends one event, which may name users to skip and an idempotency key. */
    public Event send(NewEvent event) {
        return sendAll(List.of(event)).get(0);
    }

    /**
     * Sends several events in one transaction: all or none.
     *
     * @return the events in the same order
     */
    public List<Event> sendAll(List<NewEvent> events) {
        return parts().publisher().send(events);
    }

    /**
     * Sends one event as part of the application's transaction: readers get it after the commit, and never if there is
     * none or it was rolled back to a savepoint. (For a channel that is not stored, a rollback to a savepoint makes no
     * difference.)
     *
     * <p>The channel is locked against other senders until the transaction ends. Whoever sends several times within one
     * transaction should keep to the order of the channels' names, or be ready to try again: two transactions that send to
     * the same channels in opposite order wait for one another, and the database ends one of them. {@link #sendAll} keeps
     * to that order by itself.
     *
     * @param handle in a transaction, on the database that holds the event tables
     * @throws IllegalStateException also if the handle is in no transaction
     */
    public Event send(Handle handle, String channel, String type, Object data) {
        return sendAll(handle, List.of(newEvent(channel, type, data))).get(0);
    }

    /** Sends several events as part of the application's transaction, as {@link #send(Handle, String, String, Object)}. */
    public List<Event> sendAll(Handle handle, List<NewEvent> events) {
        return parts().publisher().send(new JdbiStoreTransaction(handle), events);
    }

    /**
     * Sends one event as part of the transaction of a JDBC connection, such as Hibernate's. Nobody tells of its commit, so
     * readers get the event up to {@code eventStream.poll} later, and behind a proxy a few seconds, unless
     * {@link #announceCommitted} is called; never if there is no commit. An event of a channel that is not stored goes out
     * with that call only.
     *
     * @param connection on the database that holds the event tables
     * @throws IllegalStateException also if auto-commit is on for the connection
     */
    public Event send(Connection connection, String channel, String type, Object data) {
        return sendAll(connection, List.of(newEvent(channel, type, data))).get(0);
    }

    /** Sends several events in a connection's transaction, as {@link #send(Connection, String, String, Object)}. */
    public List<Event> sendAll(Connection connection, List<NewEvent> events) {
        return parts().publisher().send(new ConnectionTransaction(connection), events);
    }

    /**
     * Says that the transaction of a JDBC connection has committed, so that readers get its events at once. They are read
     * from the log: what was rolled back is passed over, and saying it twice, or too early, does no harm.
     *
     * @param events what was sent within the transaction
     */
    public void announceCommitted(List<Event> events) {
        parts().publisher().announceCommitted(events);
    }

    /** An event with its data encoded by the application's ObjectMapper, to be sent later or with more to it. */
    public NewEvent newEvent(String channel, String type, Object data) {
        try {
            return NewEvent.text(channel, type, parts().objectMapper().writeValueAsString(data));
        } catch (JsonProcessingException e) {
            e.clearLocation();
            throw new IllegalArgumentException(
                    "data of type " + data.getClass().getName() + " cannot be written as JSON by the ObjectMapper", e);
        }
    }

    /**
     * Where the channels stand now. A page that shows their present state hands this to its client, which passes it as
     * {@code lastEventId} and so gets everything sent after it.
     *
     * <p>Read it <em>before</em> the state it belongs to: then an event in between comes twice at worst.
     *
     * @param channels those that the stream will be opened for
     * @return the wire form of a Last-Event-ID, without the channels that are not stored
     */
    public String currentEventId(String... channels) {
        Parts built = parts();
        List<ChannelName> names = Arrays.stream(channels).map(ChannelName::new).toList();
        return LastEventId.of(built.store().newest(built.publisher().storedOf(names)))
                .toString();
    }

    /**
     * Says that a user's permission to read a channel may have changed. The authorizer is asked again for every stream of
     * that user that has the channel; a reader who may not read it any longer gets {@code stream-error} with
     * {@code forbidden}, and the stream ends.
     *
     * @param user name of the principal
     */
    public void channelPermissionChanged(String user, String channel) {
        parts().permissions().changed(user, new ChannelName(channel));
    }

    private Parts parts() {
        Parts built = parts;
        if (built == null) {
            throw new IllegalStateException("EventStreamBundle has not run. If Application.initialize calls"
                    + " bootstrap.addBundle(…) with it, this call is too early: send from Application.run, a resource or a"
                    + " Managed object");
        }
        return built;
    }
}
