package dev.eventstream;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.StoreTransaction;
import java.util.List;

/**
 * Sends events as part of an application's transaction. Get it from {@link EventStream#in(Handle)} or
 * {@link EventStream#in(java.sql.Connection)}.
 *
 * <p>Events are stored with everything else that the transaction changes. Readers get them after the commit; they never
 * get them without a commit, or after a rollback to an earlier savepoint. (For an unstored channel,
 * a rollback to a savepoint makes no difference.)
 *
 * <p>A channel is locked against other senders until the transaction ends. If you send several times within one
 * transaction, keep to the order of the channels' names, or be prepared to retry: two transactions that send to the same
 * channels in opposite order wait for one another, and the database ends one of them. {@link #sendAll} keeps to
 * that order. Until the transaction ends, a send on the same thread but outside the transaction is refused.
 *
 * <p>Confined to the thread that runs the transaction.
 */
public final class TransactionalEventStream {
    private final Parts parts;
    private final StoreTransaction transaction;

    TransactionalEventStream(Parts parts, StoreTransaction transaction) {
        this.parts = parts;
        this.transaction = transaction;
    }

    /**
     * Sends one event.
     *
     * @param channel 1 to 255 characters
     * @param type such as {@code message}
     * @param data anything that the application's ObjectMapper can write
     * @return the event as it will be once the transaction has committed
     * @throws IllegalArgumentException if the channel or type is not allowed, or the data cannot be written or is longer than
     *     {@code eventStream.limits.dataCharacters}
     * @throws IllegalStateException if the transaction has ended
     * @throws ChannelFinishedException if the channel is finished; then nothing was sent, and the transaction is as before
     * @throws EventStoreException if the database failed; then nothing was sent, and the transaction is as before unless
     *     the database has ended it
     */
    public Event send(String channel, String type, Object data) {
        return send(parts.newEvent(channel, type, data));
    }

    /**
     * Sends one event, which may name users to skip and an idempotency key.
     *
     * @return the event as it will be once the transaction has committed
     * @throws IllegalArgumentException if the data is longer than {@code eventStream.limits.dataCharacters}
     * @throws IllegalStateException if the transaction has ended
     * @throws EventStoreException as for {@link #send(String, String, Object)}
     */
    public Event send(NewEvent event) {
        return sendAll(List.of(event)).get(0);
    }

    /**
     * Sends several events: all or none.
     *
     * @return the events as they will be once the transaction has committed, in the same order
     * @throws IllegalArgumentException if the data of one is longer than {@code eventStream.limits.dataCharacters}
     * @throws IllegalStateException if the transaction has ended
     * @throws EventStoreException as for {@link #send(String, String, Object)}
     */
    public List<Event> sendAll(List<NewEvent> events) {
        return parts.publisher().send(transaction, events);
    }

    /**
     * Finishes a channel with the commit, as {@link EventStream#finish(String)} does. Later sends to it fail, also within this
     * transaction.
     *
     * @throws IllegalArgumentException if the channel is not allowed, or not stored
     * @throws IllegalStateException if the transaction has ended
     * @throws EventStoreException as for {@link #send(String, String, Object)}
     */
    public void finish(String channel) {
        send(NewEvent.end(new ChannelName(channel)));
    }

    /**
     * Sends the last event of a channel and finishes the channel with the commit, as {@link EventStream#finish(NewEvent)} does.
     *
     * @return the event as it will be once the transaction has committed
     * @throws IllegalArgumentException if the data is longer than {@code eventStream.limits.dataCharacters}, or the channel is not
     *     stored
     * @throws IllegalStateException if the transaction has ended
     * @throws ChannelFinishedException if the channel is already finished, and the event was not sent before under the same
     *     idempotency key
     * @throws EventStoreException as for {@link #send(String, String, Object)}
     */
    public Event finish(NewEvent lastEvent) {
        return sendAll(List.of(lastEvent, NewEvent.end(lastEvent.channel()))).get(0);
    }

    /**
     * Returns the positions of the channels that belong to the state which the transaction's other queries return. A client that has
     * that state and listens from these positions misses no change and sees none twice, provided that every transaction that changes
     * the state also sends the events. {@link StreamLink} adds the positions to a response.
     *
     * <p>The transaction needs an isolation level at which all its queries see the same state: REPEATABLE READ on PostgreSQL and
     * MariaDB, SERIALIZABLE on H2. At that level, the order of the queries does not matter. In a transaction that also sends, call this
     * before the first send.
     *
     * @param channels the channels of the stream that will be opened
     * @return the wire form of a Last-Event-ID, without the channels that are not stored
     * @throws IllegalArgumentException if a channel is not allowed
     * @throws IllegalStateException if the transaction has ended, or its isolation level is lower
     * @throws EventStoreException if the database failed
     */
    public String currentEventId(String... channels) {
        return parts.currentEventId(names -> parts.store().ends(transaction, names), channels);
    }
}
