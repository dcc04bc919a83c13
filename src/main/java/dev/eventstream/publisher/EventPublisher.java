package dev.eventstream.publisher;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PresenceChannels;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.Trouble;
import dev.eventstream.store.Appended;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.OutboxEntry;
import dev.eventstream.store.StoreTransaction;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events: stores those of stored channels, then announces all.
 *
 * <p>Thread-safe. A send runs on the sender's thread, or on that of a sender that commits for several.
 */
public final class EventPublisher {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventPublisher.class);

    private static final Appended NOTHING = new Appended(List.of(), List.of());

    private final EventStore store;
    private final LogReader log;
    private final StoredChannels stored;
    private final Announcements announcements;
    private final SendSettings settings;
    private final Executor afterCommit;
    private final Ticker ticker;
    private final EventTracing tracing;
    private final GroupCommit groupCommit;
    private final UncommittedSends uncommitted;
    private final Timer appends;
    private final Meter sent;
    private final Trouble failing = new Trouble();

    /**
     * @param announcements receives every new event after its commit
     * @param afterCommit runs what reads events back and announces them once the application has committed them
     * @param tracing follows each send
     * @param metrics receives {@code eventstream.append}, {@code eventstream.events.sent}, {@code eventstream.sends.waiting} and
     *     {@code eventstream.sends.waiting-for-locks}
     */
    public EventPublisher(
            EventStore store,
            StoredChannels stored,
            Announcements announcements,
            SendSettings settings,
            Executor afterCommit,
            Ticker ticker,
            EventTracing tracing,
            MetricRegistry metrics) {
        this.store = store;
        this.log = new LogReader(store);
        this.stored = stored;
        this.announcements = announcements;
        this.settings = settings;
        this.afterCommit = afterCommit;
        this.ticker = ticker;
        this.tracing = tracing;
        this.groupCommit = new GroupCommit(settings.timeout(), ticker);
        this.uncommitted = new UncommittedSends(store);
        this.appends = metrics.timer("eventstream.append");
        this.sent = metrics.meter("eventstream.events.sent");
        SendQueue queue = groupCommit.queue();
        metrics.gauge("eventstream.sends.waiting", () -> queue::size);
        metrics.gauge("eventstream.sends.waiting-for-locks", () -> queue::waitingForLocks);
    }

    /** Without tracing. */
    public EventPublisher(
            EventStore store,
            StoredChannels stored,
            Announcements announcements,
            SendSettings settings,
            Executor afterCommit,
            Ticker ticker,
            MetricRegistry metrics) {
        this(store, stored, announcements, settings, afterCommit, ticker, EventTracing.OFF, metrics);
    }

    /** With the default timeout. Events of the application's transactions are announced on the committing thread. */
    public EventPublisher(
            EventStore store,
            StoredChannels stored,
            Announcements announcements,
            int maxDataCharacters,
            MetricRegistry metrics) {
        this(
                store,
                stored,
                announcements,
                new SendSettings(maxDataCharacters, SendSettings.DEFAULT_TIMEOUT),
                Runnable::run,
                Ticker.systemTicker(),
                metrics);
    }

    /**
     * Sends all of the events or none, in one transaction. They are durable when it returns.
     *
     * @return the events as sent, in the order given; for a repeated idempotency key, the event that was stored first
     * @throws IllegalArgumentException if an event's data is too long, or it finishes a channel that is not stored
     * @throws IllegalStateException if this thread has sent events in a transaction of the application that has not ended
     * @throws dev.eventstream.store.EventStoreException if they could not be stored, or not within the timeout
     */
    public List<Event> send(List<NewEvent> events) {
        return tracing.send(events, () -> sendUntraced(events));
    }

    private List<Event> sendUntraced(List<NewEvent> events) {
        long sentNanos = ticker.read();
        List<NewEvent> toStore = toStore(events);
        List<Event> storedOnes = List.of();
        if (!toStore.isEmpty()) {
            uncommitted.requireNone();
            storedOnes = groupCommit.run(toStore, this::storeAndAnnounce);
        }
        List<Event> all = inOrder(events, storedOnes);
        announce(unstored(all), sentNanos);
        return all;
    }

    /** Stores and announces what several senders send at the same time, on the thread of one of them. */
    private List<Event> storeAndAnnounce(List<NewEvent> events, Duration maxLockWait) {
        long sentNanos = ticker.read();
        Appended appended = appends.timeSupplier(() -> store.append(events, maxLockWait));
        announce(appended.added(), sentNanos);
        return appended.events();
    }

    /**
     * Sends the events as part of the application's transaction. After its commit they are announced as by
     * {@link #announceCommitted}.
     *
     * @return the events as they will be after the commit
     * @throws IllegalArgumentException if an event's data is too long, or it finishes a channel that is not stored
     * @throws IllegalStateException if the transaction has ended
     * @throws dev.eventstream.store.EventStoreException if they could not be stored
     */
    public List<Event> send(StoreTransaction transaction, List<NewEvent> events) {
        return tracing.send(events, () -> sendUntraced(transaction, events));
    }

    private List<Event> sendUntraced(StoreTransaction transaction, List<NewEvent> events) {
        List<NewEvent> toStore = toStore(events);
        Appended appended = toStore.isEmpty() ? NOTHING : store.append(transaction, toStore);
        List<Event> all = inOrder(events, appended.events());
        appended.added().stream().findFirst().ifPresent(event -> uncommitted.add(transaction, event));
        List<Event> toAnnounce =
                Stream.concat(appended.added().stream(), unstored(all).stream()).toList();
        transaction.afterCommit(() -> announceCommitted(toAnnounce));
        return all;
    }

    /**
     * Opens a finished channel again; nothing happens if it is not finished.
     *
     * @throws IllegalArgumentException if the channel is not stored
     * @throws IllegalStateException if this thread has sent events in a transaction of the application that has not ended
     * @throws dev.eventstream.store.EventStoreException if the database failed, or the channel stayed locked
     */
    public void reopen(ChannelName channel) {
        if (!stored.isStored(channel)) {
            throw notStored(channel);
        }
        uncommitted.requireNone();
        store.reopen(channel);
    }

    private static IllegalArgumentException notStored(ChannelName channel) {
        String reason = PresenceChannels.reportedBy(channel).isPresent()
                ? "is not stored, because of eventStream.presence.events or eventStream.unstored"
                : "matches eventStream.unstored";
        return new IllegalArgumentException("channel \"" + channel + "\" " + reason
                + "; only a stored channel can be finished, because its log tells readers where it ends");
    }

    /**
     * Announces events of a transaction that has committed. Stored events are read back from the log, so nothing is announced
     * that has not committed or was rolled back, including to a savepoint. Unstored events cannot be read back, and are announced
     * as they are.
     *
     * <p>Never throws. If the events cannot be read, they arrive late.
     */
    public void announceCommitted(List<Event> events) {
        try {
            long committedNanos = ticker.read();
            afterCommit.execute(() -> readBackAndAnnounce(events, committedNanos));
        } catch (RejectedExecutionException e) {
            LOGGER.debug("{} events are announced later: this node is stopping", events.size(), e);
        }
    }

    private void readBackAndAnnounce(List<Event> events, long committedNanos) {
        OutboxEntry.of(events).forEach(run -> readBackAndAnnounce(run, committedNanos));
        announce(unstored(events), committedNanos);
    }

    /** The channels of the list that are stored. */
    public List<ChannelName> storedOf(List<ChannelName> channels) {
        return channels.stream().filter(stored::isStored).toList();
    }

    /** Describes the sends of this node that have been waiting for more than half of their timeout, if there are any. */
    public Optional<WaitingSends> waitingLong() {
        return groupCommit.queue().waitingLongerThan(settings.timeout().dividedBy(2));
    }

    private List<NewEvent> toStore(List<NewEvent> events) {
        events.forEach(this::check);
        return events.stream().filter(event -> stored.isStored(event.channel())).toList();
    }

    private List<Event> inOrder(List<NewEvent> events, List<Event> storedOnes) {
        Iterator<Event> next = storedOnes.iterator();
        return events.stream()
                .map(event -> stored.isStored(event.channel()) ? next.next() : Event.unstored(event))
                .toList();
    }

    private void check(NewEvent event) {
        if (event.isEnd() && !stored.isStored(event.channel())) {
            throw notStored(event.channel());
        }
        checkSize(event);
    }

    /**
     * Checks an event, as every send does.
     *
     * @throws IllegalArgumentException if its data is too long
     */
    public void checkSize(NewEvent event) {
        if (event.data().length() > settings.maxDataCharacters()) {
            throw new IllegalArgumentException(
                    event + " is too long; eventStream.limits.dataCharacters allows " + settings.maxDataCharacters());
        }
    }

    private void readBackAndAnnounce(OutboxEntry run, long committedNanos) {
        try {
            sent.mark(announcements.announceCommitted(run, log, committedNanos));
            if (failing.ends()) {
                LOGGER.info("Events of the application's transactions can be read back again");
            }
        } catch (RuntimeException | Error e) {
            if (failing.begins()) {
                LOGGER.warn(
                        "Events of the application's transactions cannot be read back after the commit; they are safe,"
                                + " and arrive late, when eventStream.sweepInterval or eventStream.pollInterval finds them",
                        e);
            }
        }
    }

    private static List<Event> unstored(List<Event> events) {
        return events.stream().filter(event -> !event.isStored()).toList();
    }

    /** Never throws: the events have committed, so the send must not look like a failure to its sender. */
    private void announce(List<Event> events, long sentNanos) {
        if (!events.isEmpty()) {
            sent.mark(events.size());
            try {
                announcements.announce(events, sentNanos);
            } catch (RuntimeException | Error e) {
                LOGGER.error("{} events could not be announced; stored ones arrive late", events.size(), e);
            }
        }
    }
}
