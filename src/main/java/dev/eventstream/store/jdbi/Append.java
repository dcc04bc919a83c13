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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * One append, within a transaction that somebody else begins and ends.
 *
 * <p>Four statements, for up to 500 channels and any number of events: look which of the channels there are, lock them and
 * make room, see what room it is, insert. One more for each channel that is new, that has idempotency keys to look for, or
 * that has no need of all its room; and one for all channels if announcement rows are to be written.
 *
 * <p>Confined to the thread of its handle.
 */
final class Append {
    private final ChannelDao channelDao;
    private final EventDao eventDao;
    private final OutboxDao announcementDao;
    private final List<NewEvent> events;
    private final boolean announcementRows;
    private final NavigableMap<ChannelName, Integer> counts;
    private final List<NewRow> rows = new ArrayList<>();
    private final List<Event> added = new ArrayList<>();

    /**
     * @param wait how long its statements may wait for locks
     * @param announcementRows whether to write them
     */
    Append(Handle handle, Dialect dialect, LockWait wait, List<NewEvent> events, boolean announcementRows) {
        this.channelDao = new ChannelDao(handle, dialect, wait);
        this.eventDao = new EventDao(handle);
        this.announcementDao = new OutboxDao(handle);
        this.events = events;
        this.announcementRows = announcementRows;
        this.counts = events.stream().collect(toMap(NewEvent::channel, event -> 1, Integer::sum, TreeMap::new));
    }

    /** Creates the channels that are new, before the transaction. */
    void createChannels() {
        channelDao.createMissing(counts.navigableKeySet());
    }

    /** Creates the channels that are new, within the transaction. */
    void createChannelsInOrder() {
        channelDao.createMissingInOrder(counts.navigableKeySet());
    }

    /** Those of the channels that others have locked now; all of them if none is, or if the database does not tell. */
    List<ChannelName> lockedChannels() {
        List<ChannelName> locked;
        try {
            locked = channelDao.locked(counts.navigableKeySet());
        } catch (JdbiException e) {
            locked = List.of();
        }
        return locked.isEmpty() ? List.copyOf(counts.navigableKeySet()) : locked;
    }

    /**
     * Appends the events to their channels, none of which is new.
     *
     * @param now in milliseconds since 1970
     * @param again whether an earlier attempt was in conflict with another transaction
     */
    Appended run(long now, boolean again) {
        if (again) {
            channelDao.catchUpWithLog(counts.navigableKeySet());
        }
        channelDao.advance(counts, now);
        Map<ChannelName, Tail> tails = tails();
        List<Event> stored = new ArrayList<>();
        for (NewEvent event : events) {
            stored.add(requireNonNull(tails.get(event.channel())).add(event));
        }
        eventDao.insert(rows);
        if (announcementRows) {
            announcementDao.insert(rows, now + JdbiOutbox.GRACE.toMillis());
        }
        tails.values().forEach(Tail::giveBackRoom);
        return new Appended(stored, added);
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
            if (channel == null) {
                throw SqlErrors.channelUnseen(name);
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

        /**
         * @param channel with the room made already
         * @param byKey the events that the keys name, as far as they are in the log
         */
        Tail(ChannelRow channel, int room, Map<String, Event> byKey) {
            this.channel = channel;
            this.byKey = byKey;
            this.newest = channel.newest() - room;
        }

        Event add(NewEvent event) {
            return event.idempotencyKey()
                    .map(key -> byKey.computeIfAbsent(key, fresh -> position(event)))
                    .orElseGet(() -> position(event));
        }

        private Event position(NewEvent event) {
            newest++;
            Event stored = Event.stored(event, channel.position(newest));
            rows.add(new NewRow(channel, newest, event));
            added.add(stored);
            return stored;
        }

        void giveBackRoom() {
            if (newest < channel.newest()) {
                channelDao.retreat(channel, newest);
            }
        }
    }
}
