package dev.eventstream.store.jdbi;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.ChannelFinishedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * One append, within a transaction that the caller begins and ends.
 *
 * <p>On PostgreSQL, most appends take one statement, and on MariaDB most of those to one channel ({@link #runAtOnce}). All others take three for up to 500 channels and any
 * number of events: lock the channels and make room, read the positions of that room, and insert. They take one more to find
 * unknown channels, one more for each channel that is new, has idempotency keys to look up, is finished, or does not need all its
 * room, and one more for the outbox.
 *
 * <p>Confined to the thread of its handle.
 */
final class Append {
    private final Handle handle;
    private final Dialect dialect;
    private final LockWait wait;
    private final ChannelDao channelDao;
    private final EventDao eventDao;
    private final OutboxDao outboxDao;
    private final List<NewEvent> events;
    private final boolean hasOutbox;
    private final NavigableMap<ChannelName, Integer> counts;
    private final List<NewRow> rows = new ArrayList<>();
    private final List<Event> added = new ArrayList<>();
    private final Set<ChannelName> finished = new HashSet<>();

    /**
     * @param wait how long its statements may wait for locks
     * @param hasOutbox whether to write outbox rows
     */
    Append(Handle handle, Dialect dialect, LockWait wait, List<NewEvent> events, boolean hasOutbox) {
        this.handle = handle;
        this.dialect = dialect;
        this.wait = wait;
        this.channelDao = new ChannelDao(handle, dialect, wait);
        this.eventDao = new EventDao(handle);
        this.outboxDao = new OutboxDao(handle);
        this.events = events;
        this.hasOutbox = hasOutbox;
        this.counts = events.stream().collect(toMap(NewEvent::channel, event -> 1, Integer::sum, TreeMap::new));
    }

    List<NewEvent> events() {
        return events;
    }

    /** Creates the missing channels, before the transaction. */
    void createChannels(KnownChannels known) {
        SortedSet<ChannelName> unknown = known.unknown(counts.navigableKeySet());
        if (!unknown.isEmpty()) {
            channelDao.createMissing(unknown);
            known.add(unknown);
        }
    }

    /** Makes the next append check whether the channels have rows. */
    void forgetChannels(KnownChannels known) {
        known.forget(counts.keySet());
    }

    /** Creates the missing channels, within the transaction. */
    void createChannelsInOrder() {
        channelDao.createMissingInOrder(counts.navigableKeySet());
    }

    /** The channels that others have locked now; all channels if that is none, or if the database does not report them. */
    List<ChannelName> lockedChannels() {
        List<ChannelName> locked = lockedNow();
        return locked.isEmpty() ? List.copyOf(counts.navigableKeySet()) : locked;
    }

    /** The channels that others have locked now; none if the database does not report them. */
    List<ChannelName> lockedNow() {
        try {
            return channelDao.locked(counts.navigableKeySet());
        } catch (JdbiException e) {
            return List.of();
        }
    }

    /** Whether {@link #runAtOnce} is worth an attempt: the database supports it, and no read has to come first. */
    boolean canRunAtOnce() {
        return PlainAppend.isPlain(events) && dialect.appendsAtOnce(events);
    }

    /** Begins a transaction and appends the events in one round trip, as {@link Dialect#appendAtOnce} does. */
    Optional<Appended> runAtOnce(long now) {
        return dialect.appendAtOnce(handle, plain(now), wait);
    }

    /** Whether {@link #runAtOnceWithin} is worth an attempt. */
    boolean canRunAtOnceWithin() {
        return PlainAppend.isPlain(events) && dialect.appendsAtOnceWithin();
    }

    /** Appends the events in one statement, as {@link Dialect#appendAtOnceWithin} does. */
    Optional<Appended> runAtOnceWithin(long now) throws SQLException {
        return dialect.appendAtOnceWithin(handle, plain(now));
    }

    private PlainAppend plain(long now) {
        return new PlainAppend(events, counts, now, outboxDueAt(now));
    }

    private OptionalLong outboxDueAt(long now) {
        return hasOutbox ? OptionalLong.of(now + JdbiOutbox.GRACE.toMillis()) : OptionalLong.empty();
    }

    /**
     * Appends the events to their channels, all of which exist.
     *
     * @param now in milliseconds since 1970
     * @param isRepeated whether an earlier attempt was in conflict with another transaction
     * @throws ChannelFinishedException if an event follows the end of its channel; the caller undoes what was done
     */
    Appended run(long now, boolean isRepeated) {
        if (isRepeated) {
            channelDao.catchUpWithLog(counts.navigableKeySet());
        }
        // a MariaDB snapshot still shows the row of a log that another transaction has deleted
        channelDao.advance(counts, now).ifPresent(Append::refuse);
        Map<ChannelName, Tail> tails = tails();
        List<Event> stored = new ArrayList<>();
        for (NewEvent event : events) {
            stored.add(requireNonNull(tails.get(event.channel())).add(event));
        }
        if (!finished.isEmpty()) {
            throw new ChannelFinishedException(finished);
        }
        eventDao.insert(rows);
        outboxDueAt(now).ifPresent(dueAt -> outboxDao.insert(rows, dueAt));
        tails.values().forEach(tail -> tail.settle(now));
        return new Appended(stored, added);
    }

    private static void refuse(ChannelName missing) {
        throw new ChannelUnseenException(missing);
    }

    private Map<ChannelName, Tail> tails() {
        Map<ChannelName, ChannelRow> found = channelDao.find(counts.keySet());
        Map<ChannelName, Set<String>> keys = events.stream()
                .filter(event -> event.idempotencyKey().isPresent())
                .collect(groupingBy(
                        NewEvent::channel,
                        mapping(event -> event.idempotencyKey().get(), toSet())));
        Map<ChannelName, Tail> tails = new HashMap<>();
        counts.forEach((name, room) -> {
            ChannelRow channel = found.get(name);
            if (channel == null || !channel.hasRoom(room)) {
                throw new ChannelUnseenException(name);
            }
            tails.put(name, new Tail(channel, room, eventDao.findByKeys(channel, keys.getOrDefault(name, Set.of()))));
        });
        return tails;
    }

    /** The end of a channel's log, with room for new events. */
    private final class Tail {
        private final ChannelRow channel;
        private final Map<String, Event> byKey;
        private long newest;
        private boolean isFinished;

        /**
         * @param channel includes the new room
         * @param byKey the events that are in the log under one of the keys
         */
        Tail(ChannelRow channel, int room, Map<String, Event> byKey) {
            this.channel = channel;
            this.byKey = byKey;
            this.newest = channel.newest() - room;
            this.isFinished = channel.isFinished();
        }

        Event add(NewEvent event) {
            if (event.isEnd()) {
                return end(event);
            }
            return event.idempotencyKey()
                    .map(key -> byKey.computeIfAbsent(key, fresh -> position(event)))
                    .orElseGet(() -> position(event));
        }

        private Event end(NewEvent event) {
            if (isFinished) {
                return Event.stored(event, channel.position(newest));
            }
            Event end = position(event);
            isFinished = true;
            return end;
        }

        private Event position(NewEvent event) {
            if (isFinished) {
                finished.add(channel.name());
            }
            newest++;
            Event stored = Event.stored(event, channel.position(newest));
            rows.add(new NewRow(channel, newest, event));
            added.add(stored);
            return stored;
        }

        /** Gives back unused room, and finishes the channel if its end was added. */
        void settle(long now) {
            boolean ends = isFinished && !channel.isFinished();
            if (ends || newest < channel.newest()) {
                channelDao.settle(channel, newest, ends ? now : channel.finishedAt());
            }
        }
    }
}
