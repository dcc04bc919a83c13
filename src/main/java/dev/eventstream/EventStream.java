package dev.eventstream;

import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.presence.Presence;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.jdbi.ConnectionTransaction;
import dev.eventstream.store.jdbi.JdbiStoreTransaction;
import java.sql.Connection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Sends events. An application gets it from {@link EventStreamBundle#eventStream()}; it works once the bundle has run.
 *
 * <p>The application's ObjectMapper encodes the data; to send text unchanged, make the event with
 * {@link NewEvent#text(String, String, String)}.
 *
 * <p>Every method throws {@link IllegalStateException} before the bundle has run.
 *
 * <p>Thread-safe.
 */
public final class EventStream {
    private volatile @Nullable Parts parts;

    EventStream() {}

    void open(Parts built) {
        this.parts = built;
    }

    /**
     * Sends one event. It is durable when this returns, and every reader has it soon after.
     *
     * <p>If other transactions keep the channel locked, this waits up to {@code eventStream.sendTimeout}.
     *
     * @param channel 1 to 255 characters
     * @param type such as {@code message}
     * @param data anything that the application's ObjectMapper can write
     * @return the event with its id, or without one if the channel is not stored
     * @throws IllegalArgumentException if the channel or type is not allowed, or the data cannot be written or is longer than
     *     {@code eventStream.limits.dataCharacters}
     * @throws IllegalStateException if this thread has sent events in a transaction that has not ended, because this send
     *     could wait for its lock: send within the transaction, by {@link #in(Handle)}, or after its end. This is also
     *     detected within a JDBC connection's transaction, if the connection still answers
     * @throws ChannelFinishedException if the channel is finished
     * @throws EventStoreException if the database failed, the channel stayed locked for longer than
     *     {@code eventStream.sendTimeout}, or the thread was interrupted, in which case it stays interrupted. Nothing was
     *     sent then, unless {@link EventStoreException#outcome()} is {@code UNKNOWN}
     */
    public Event send(String channel, String type, Object data) {
        return send(newEvent(channel, type, data));
    }

    /**
     * Sends one event, which may name users to skip and an idempotency key.
     *
     * @return the event with its id, or without one if the channel is not stored
     * @throws IllegalArgumentException if the data is longer than {@code eventStream.limits.dataCharacters}
     * @throws IllegalStateException as for {@link #send(String, String, Object)}
     * @throws EventStoreException as for {@link #send(String, String, Object)}
     */
    public Event send(NewEvent event) {
        return sendAll(List.of(event)).get(0);
    }

    /**
     * Sends several events in one transaction: all or none. It waits if one of the channels is locked.
     *
     * @return the events in the same order
     * @throws IllegalArgumentException if the data of one is longer than {@code eventStream.limits.dataCharacters}
     * @throws IllegalStateException as for {@link #send(String, String, Object)}
     * @throws EventStoreException as for {@link #send(String, String, Object)}
     */
    public List<Event> sendAll(List<NewEvent> events) {
        return parts().publisher().send(events);
    }

    /**
     * Finishes a channel: it takes no further events, and later sends to it fail with {@link ChannelFinishedException}. Its readers
     * get everything that was sent before. Once all channels of a stream are finished, the stream ends with {@code stream-end}, and its
     * client stops reconnecting. While any of them is not finished, the stream continues.
     *
     * <p>Nothing happens if the channel is already finished. A channel without events can be finished, too.
     *
     * @throws IllegalArgumentException if the channel is not allowed, or not stored
     * @throws IllegalStateException as for {@link #send(String, String, Object)}
     * @throws EventStoreException as for {@link #send(String, String, Object)}
     */
    public void finish(String channel) {
        send(NewEvent.end(new ChannelName(channel)));
    }

    /**
     * Sends the last event of a channel and finishes the channel, in one transaction; see {@link #finish(String)}.
     *
     * @return the event with its id; the event that was stored first if this one was sent before under the same idempotency key
     * @throws IllegalArgumentException if the data is longer than {@code eventStream.limits.dataCharacters}, or the channel is not
     *     stored
     * @throws IllegalStateException as for {@link #send(String, String, Object)}
     * @throws ChannelFinishedException if the channel is already finished, and the event was not sent before under the same
     *     idempotency key: it would otherwise be lost silently
     * @throws EventStoreException as for {@link #send(String, String, Object)}
     */
    public Event finish(NewEvent lastEvent) {
        return sendAll(List.of(lastEvent, NewEvent.end(lastEvent.channel()))).get(0);
    }

    /**
     * Opens a finished channel again. Its log gets a new epoch: clients that return from an earlier position get {@code stream-reset}.
     * Earlier events stay in the log. Readers whose streams have ended do not come back by themselves. Nothing happens if the channel
     * is not finished.
     *
     * @throws IllegalArgumentException if the channel is not allowed, or not stored
     * @throws IllegalStateException as for {@link #send(String, String, Object)}
     * @throws EventStoreException if the database failed, or other transactions kept the channel locked for ten seconds
     */
    public void reopen(String channel) {
        parts().publisher().reopen(new ChannelName(channel));
    }

    /**
     * Sends as part of a JDBI transaction: {@code eventStream.in(handle).send("orders", "created", order)}. Readers get the
     * events right after the commit.
     *
     * @param handle in a transaction, on the database that holds the event tables
     * @throws IllegalStateException if the handle is in no transaction
     */
    public TransactionalEventStream in(Handle handle) {
        return new TransactionalEventStream(parts(), new JdbiStoreTransaction(handle));
    }

    /**
     * Sends as part of the transaction of a JDBC connection, such as Hibernate's. The connection does not report its commit, so
     * readers get the events up to {@code eventStream.pollInterval} later, and behind a proxy a few seconds later, unless you call
     * {@link #announceCommitted}. Events of unstored channels are delivered only with that call.
     *
     * @param connection on the database that holds the event tables
     * @throws IllegalStateException if auto-commit is on for the connection, or it is closed
     */
    public TransactionalEventStream in(Connection connection) {
        return new TransactionalEventStream(parts(), new ConnectionTransaction(connection));
    }

    /**
     * Reports that the transaction of a JDBC connection has committed, so that readers get its events at once. They are read
     * from the log: events that were rolled back are left out, and a report that comes twice or too early is harmless.
     *
     * @param events those that {@link #in(Connection)} sent within the transaction
     */
    public void announceCommitted(List<Event> events) {
        parts().publisher().announceCommitted(events);
    }

    /**
     * Makes an event whose data is encoded by the application's ObjectMapper, to be sent later or with more properties.
     *
     * @throws IllegalArgumentException if the channel or type is not allowed, or the data cannot be written
     */
    public NewEvent newEvent(String channel, String type, Object data) {
        return parts().newEvent(channel, type, data);
    }

    /**
     * Returns the current positions of the channels. A page that shows their current state gives this to its client, which
     * passes it as {@code lastEventId} and so gets everything sent afterwards.
     *
     * <p>Read it <em>before</em> the state that it belongs to, so that an event in between comes twice at worst.
     * {@link TransactionalEventStream#currentEventId} returns the exact position for the state that a transaction sees.
     *
     * @param channels the channels of the stream that will be opened
     * @return the wire form of a Last-Event-ID, without the channels that are not stored
     * @throws IllegalArgumentException if a channel is not allowed
     * @throws EventStoreException if the database failed
     */
    public String currentEventId(String... channels) {
        Parts built = parts();
        return built.currentEventId(built.store()::ends, channels);
    }

    /**
     * Reports that a user's permission to read a channel may have changed. The authorizer is asked again for every stream of
     * that user that has the channel; a reader that has lost the permission gets {@code stream-error} with
     * {@code forbidden}, and the stream ends.
     *
     * <p>The bus notifies the other nodes, and each node asks its own authorizer. Call this only after the change is visible to all
     * nodes: if it is in a database, after the commit.
     *
     * @param user name of the principal
     * @throws IllegalArgumentException if the channel is not allowed
     */
    public void channelPermissionChanged(String user, String channel) {
        change(new AccessChange.OfUser(user, new ChannelName(channel)));
    }

    /**
     * Reports that the permission of any reader to read a channel may have changed, including anonymous readers. The authorizer is
     * asked again for every stream that has the channel, as in {@link #channelPermissionChanged(String, String)}.
     *
     * <p>A proxy asks about each of its streams, about ten signed-in users a second. A stream gets no events until the proxy
     * has asked about it.
     *
     * @throws IllegalArgumentException if the channel is not allowed
     */
    public void channelPermissionChanged(String channel) {
        change(new AccessChange.OfChannel(new ChannelName(channel)));
    }

    /** Ends all streams of a user, as {@link #disconnect(String, String)} does. */
    public void disconnect(String user) {
        disconnect(user, "You have been disconnected.");
    }

    /**
     * Ends all streams of a user, on every node and at every proxy. Their clients get {@code stream-error} with the condition
     * {@code disconnected} and do not reconnect by themselves.
     *
     * <p>This withdraws no rights: a stream that is opened afterwards is authenticated and authorized as usual. So first end the
     * user's session, or whatever else the credentials depend on. Behind a proxy, a stream that is opened within the next two
     * seconds may end, too.
     *
     * @param user name of the principal
     * @param reason for the user, at most 255 characters
     * @throws IllegalArgumentException if the reason is too long
     */
    public void disconnect(String user, String reason) {
        change(new AccessChange.Disconnected(user, reason));
    }

    /**
     * Returns who is reading a channel now: on all nodes, and at the proxies that report their readers
     * ({@code eventStream.grip.proxies[].statsUri}). The answer comes from memory and is about a second old. The readers of a node that
     * was killed count for up to another 18 seconds.
     *
     * <p>The names are for the application; ask its {@link dev.eventstream.channel.ChannelAuthorizer#mayReadPresence} before you show
     * them to a user.
     *
     * @throws IllegalArgumentException if the channel is not allowed, or {@code eventStream.presence.channels} does not name it
     * @throws IllegalStateException if {@code eventStream.presence} is not set
     */
    public Presence presence(String channel) {
        return parts().presence().apply(new ChannelName(channel));
    }

    private void change(AccessChange change) {
        parts().permissions().changed(change);
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
