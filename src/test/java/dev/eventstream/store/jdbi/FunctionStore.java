package dev.eventstream.store.jdbi;

import static java.util.Objects.requireNonNull;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.ChannelLockedException;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StoreTransaction;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Appends with the SQL function {@code eventstream_send}, one call for each event. Thread-safe if the other store is. */
final class FunctionStore extends ForwardingEventStore {
    private final EventStore store;
    private final Jdbi jdbi;
    private final Clock clock;

    /**
     * @param store of the same database, for everything but appends
     * @param clock replaces the clock of the database
     */
    FunctionStore(EventStore store, Jdbi jdbi, Clock clock) {
        super(store);
        this.store = store;
        this.jdbi = jdbi;
        this.clock = clock;
    }

    @Override
    public Appended append(List<NewEvent> events, Duration maxLockWait) {
        if (finishes(events)) {
            return super.append(events, maxLockWait);
        }
        return failing(
                () -> jdbi.inTransaction(handle -> {
                    handle.execute("SET LOCAL lock_timeout = " + Math.max(1, maxLockWait.toMillis()));
                    return call(handle, events);
                }),
                events);
    }

    @Override
    public Appended append(StoreTransaction transaction, List<NewEvent> events) {
        if (finishes(events)) {
            return super.append(transaction, events);
        }
        Handle handle = Transactions.openHandle(transaction);
        return failing(() -> callOrUndo(handle, events), events);
    }

    // PostgreSQL refuses all further statements of a transaction after a failed one, unless there is a savepoint before
    // it
    private Appended callOrUndo(Handle handle, List<NewEvent> events) {
        try {
            return AllOrNothing.within(handle, () -> call(handle, events));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    // only Java finishes channels
    private static boolean finishes(List<NewEvent> events) {
        return events.stream().anyMatch(NewEvent::isEnd);
    }

    private Appended failing(Supplier<Appended> append, List<NewEvent> events) {
        try {
            return append.get();
        } catch (JdbiException e) {
            if (String.valueOf(e.getMessage()).contains("is finished, so nothing was sent")) {
                throw new ChannelFinishedException(finished(events));
            }
            EventStoreException failure = SqlErrors.of("not stored", EventStoreException.Outcome.NOT_STORED, e);
            if (!SqlErrors.isLockTimeout(e)) {
                throw failure;
            }
            throw new ChannelLockedException(locked(events), failure);
        }
    }

    private List<ChannelName> finished(List<NewEvent> events) {
        List<ChannelName> channels =
                events.stream().map(NewEvent::channel).distinct().toList();
        Map<ChannelName, LogEnd> ends = store.ends(channels);
        return channels.stream()
                .filter(channel -> requireNonNull(ends.get(channel)).isFinished())
                .toList();
    }

    private List<ChannelName> locked(List<NewEvent> events) {
        SortedSet<ChannelName> names =
                new TreeSet<>(events.stream().map(NewEvent::channel).toList());
        return jdbi.withHandle(handle -> {
            ChannelDao channels = new ChannelDao(handle, new PostgresDialect());
            SortedSet<ChannelName> visible = new TreeSet<>(channels.find(names).keySet());
            List<ChannelName> locked = channels.locked(visible);
            // another transaction has created the channel, and has not committed yet
            return locked.isEmpty()
                    ? names.stream().filter(name -> !visible.contains(name)).toList()
                    : locked;
        });
    }

    /** In the order of the channels' names, as required of a program that sends several events. */
    private Appended call(Handle handle, List<NewEvent> events) {
        handle.execute("SELECT set_config('test.millis', ?, true)", Long.toString(clock.millis()));
        Event[] stored = new Event[events.size()];
        Map<EventId, Event> added = new HashMap<>();
        List<Event> inOrder = new ArrayList<>();
        List<Integer> order = IntStream.range(0, events.size())
                .boxed()
                .sorted(Comparator.comparing(i -> events.get(i).channel()))
                .toList();
        for (int i : order) {
            NewEvent event = events.get(i);
            EventId id = EventId.parse(send(handle, event));
            if (added.containsKey(id)) {
                stored[i] = requireNonNull(added.get(id));
            } else if (isNew(handle, event, id)) {
                stored[i] = Event.stored(event, id);
                added.put(id, stored[i]);
                inOrder.add(stored[i]);
            } else {
                stored[i] = logged(event.channel(), id);
            }
        }
        return new Appended(List.of(stored), inOrder);
    }

    static String send(Handle handle, NewEvent event) {
        return handle.createQuery("SELECT eventstream_send(?, ?, ?, ?, ?)")
                .bind(0, event.channel().value())
                .bind(1, event.type().value())
                .bind(2, event.data())
                .bindArray(3, String.class, event.skipUsers().toArray())
                .bind(4, event.idempotencyKey().orElse(null))
                .mapTo(String.class)
                .one();
    }

    private static boolean isNew(Handle handle, NewEvent event, EventId id) {
        if (event.idempotencyKey().isEmpty()) {
            return true;
        }
        return handle.createQuery("SELECT pg_xact_status(e.xmin::text::xid8) = 'in progress' FROM eventstream_event e"
                        + " JOIN eventstream_channel c ON c.id = e.channel_id WHERE c.name = ? AND e.sequence = ?")
                .bind(0, event.channel().value())
                .bind(1, id.sequence())
                .mapTo(Boolean.class)
                .one();
    }

    private Event logged(ChannelName channel, EventId id) {
        EventId before = id.sequence() == 1 ? EventId.NONE : new EventId(id.epoch(), id.sequence() - 1);
        return ((EventPage.Range) store.readAfter(channel, before, new PageLimit(1, Integer.MAX_VALUE)))
                .events()
                .get(0);
    }
}
