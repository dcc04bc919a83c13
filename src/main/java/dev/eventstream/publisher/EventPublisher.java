package dev.eventstream.publisher;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.ReliableChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.StoreTransaction;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * Sends events: reliable ones are stored first, then all are announced.
 *
 * <p>Thread-safe. Everything runs on the sender's thread, or on that of a sender who commits for several.
 */
public final class EventPublisher {
    /** How long a sender waits for others to commit its events before it is told that the outcome is unknown. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EventStore store;
    private final ReliableChannels reliable;
    private final List<ShieldedAnnouncer> announcers;
    private final int maxDataCharacters;
    private final GroupCommit groupCommit;
    private final Meter sent;

    /**
     * @param announcers told of every event after its commit, in this order
     * @param maxDataCharacters longest data of an event, in characters
     */
    public EventPublisher(
            EventStore store,
            ReliableChannels reliable,
            List<Announcer> announcers,
            int maxDataCharacters,
            MetricRegistry metrics) {
        this.store = store;
        this.reliable = reliable;
        Meter failures = metrics.meter("eventstream.announce.failures");
        this.announcers = announcers.stream()
                .map(announcer -> new ShieldedAnnouncer(announcer, failures))
                .toList();
        this.maxDataCharacters = maxDataCharacters;
        Timer appends = metrics.timer("eventstream.append");
        this.groupCommit =
                new GroupCommit(events -> appends.timeSupplier(() -> store.append(events)), this::announce, PATIENCE);
        this.sent = metrics.meter("eventstream.events.sent");
    }

    /**
     * Sends the events in one transaction: all of them are durable when it returns, or none is.
     *
     * @return the events as sent, in the order given; for a repeated idempotency key the event that was stored first
     * @throws IllegalArgumentException if an event's data is too long
     * @throws dev.eventstream.store.EventStoreException if they could not be stored
     */
    public List<Event> send(List<NewEvent> events) {
        List<Event> all = store(events, groupCommit::append);
        announce(all.stream().filter(event -> !event.isStored()).toList());
        return all;
    }

    /**
     * Sends the events as part of the application's transaction. They are announced after its commit, on its thread; if
     * it rolls back, they never were.
     *
     * @return the events as they will be once the transaction has committed
     * @throws IllegalArgumentException if an event's data is too long
     * @throws dev.eventstream.store.EventStoreException if they could not be stored
     */
    public List<Event> send(StoreTransaction transaction, List<NewEvent> events) {
        List<Event> all = store(events, reliableOnes -> store.append(transaction, reliableOnes));
        transaction.afterCommit(() -> announce(all));
        return all;
    }

    /** Those of the channels that are stored. */
    public List<ChannelName> storedOf(List<ChannelName> channels) {
        return channels.stream().filter(reliable::isReliable).toList();
    }

    private List<Event> store(List<NewEvent> events, Function<List<NewEvent>, List<Event>> append) {
        events.forEach(this::checkSize);
        List<NewEvent> reliableOnes = events.stream()
                .filter(event -> reliable.isReliable(event.channel()))
                .toList();
        Iterator<Event> stored = reliableOnes.isEmpty()
                ? List.<Event>of().iterator()
                : append.apply(reliableOnes).iterator();
        return events.stream()
                .map(event -> reliable.isReliable(event.channel()) ? stored.next() : Event.unstored(event))
                .toList();
    }

    private void checkSize(NewEvent event) {
        if (event.data().length() > maxDataCharacters) {
            throw new IllegalArgumentException(
                    event + " is too long; eventStream.maxDataCharacters allows " + maxDataCharacters);
        }
    }

    private void announce(List<Event> events) {
        if (!events.isEmpty()) {
            sent.mark(events.size());
            announcers.forEach(announcer -> announcer.announce(events));
        }
    }
}
