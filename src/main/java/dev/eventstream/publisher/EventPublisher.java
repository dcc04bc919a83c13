package dev.eventstream.publisher;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.OutboxEntry;
import dev.eventstream.store.StoreTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events: stored ones are stored first, then all are announced.
 *
 * <p>Thread-safe. Everything runs on the sender's thread, or on that of a sender who commits for several.
 */
public final class EventPublisher {
    /** How long a sender waits for others to commit its events before it is told that the outcome is unknown. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Logger LOGGER = LoggerFactory.getLogger(EventPublisher.class);

    private final EventStore store;
    private final LogReader log;
    private final StoredChannels stored;
    private final Announcements announcements;
    private final int maxDataCharacters;
    private final GroupCommit groupCommit;
    private final Meter sent;
    private final AtomicBoolean failing = new AtomicBoolean();

    /**
     * @param announcements told of every new event after its commit
     * @param maxDataCharacters longest data of an event, in characters
     */
    public EventPublisher(
            EventStore store,
            StoredChannels stored,
            Announcements announcements,
            int maxDataCharacters,
            MetricRegistry metrics) {
        this.store = store;
        this.log = new LogReader(store);
        this.stored = stored;
        this.announcements = announcements;
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
        announce(unstored(all));
        return all;
    }

    /**
     * Sends the events as part of the application's transaction. After its commit, on its thread, they are announced as by
     * {@link #announceCommitted}.
     *
     * @return the events as they will be once the transaction has committed
     * @throws IllegalArgumentException if an event's data is too long
     * @throws dev.eventstream.store.EventStoreException if they could not be stored
     */
    public List<Event> send(StoreTransaction transaction, List<NewEvent> events) {
        List<Event> added = new ArrayList<>();
        List<Event> all = store(events, storedOnes -> {
            Appended appended = store.append(transaction, storedOnes);
            added.addAll(appended.added());
            return appended.events();
        });
        added.addAll(unstored(all));
        transaction.afterCommit(() -> announceCommitted(added));
        return all;
    }

    /**
     * Announces events of a transaction that has committed. They are read back from the log, and what the log says is
     * announced: nothing that was rolled back, also to a savepoint, and nothing that has not committed. Only those of
     * channels that are not stored, which nobody could read back, are announced as they are.
     *
     * <p>Never throws: if they cannot be read, they come late.
     */
    public void announceCommitted(List<Event> events) {
        OutboxEntry.of(events).forEach(this::announceCommitted);
        announce(unstored(events));
    }

    /** Those of the channels that are stored. */
    public List<ChannelName> storedOf(List<ChannelName> channels) {
        return channels.stream().filter(stored::isStored).toList();
    }

    private List<Event> store(List<NewEvent> events, Function<List<NewEvent>, List<Event>> append) {
        events.forEach(this::checkSize);
        List<NewEvent> storedOnes = events.stream()
                .filter(event -> stored.isStored(event.channel()))
                .toList();
        Iterator<Event> appended = storedOnes.isEmpty()
                ? List.<Event>of().iterator()
                : append.apply(storedOnes).iterator();
        return events.stream()
                .map(event -> stored.isStored(event.channel()) ? appended.next() : Event.unstored(event))
                .toList();
    }

    private void checkSize(NewEvent event) {
        if (event.data().length() > maxDataCharacters) {
            throw new IllegalArgumentException(
                    event + " is too long; eventStream.limits.dataCharacters allows " + maxDataCharacters);
        }
    }

    private void announceCommitted(OutboxEntry run) {
        try {
            sent.mark(announcements.announceLogged(run, log));
            if (failing.compareAndSet(true, false)) {
                LOGGER.info("Events of the application's transactions can be read back again");
            }
        } catch (RuntimeException e) {
            if (failing.compareAndSet(false, true)) {
                LOGGER.warn(
                        "Events of the application's transactions cannot be read back after the commit; they are safe,"
                                + " and come late, when eventStream.sweep or eventStream.poll finds them",
                        e);
            }
        }
    }

    private static List<Event> unstored(List<Event> events) {
        return events.stream().filter(event -> !event.isStored()).toList();
    }

    private void announce(List<Event> events) {
        if (!events.isEmpty()) {
            sent.mark(events.size());
            announcements.announce(events);
        }
    }
}
