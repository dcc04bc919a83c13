package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.store.ChannelLockedException;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.StartLimit;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/** How far the logs of the channels reach. Thread-safe. */
final class Positions {
    private final Transactions transactions;

    Positions(Transactions transactions) {
        this.transactions = transactions;
    }

    /** The newest positions of the channels; {@link EventId#NONE} for a channel without a log. */
    Map<ChannelName, EventId> newest(Collection<ChannelName> channels) {
        Map<ChannelName, EventId> newest = new HashMap<>();
        ends(channels).forEach((channel, end) -> newest.put(channel, end.newest()));
        return newest;
    }

    /** Where the logs of the channels end. */
    Map<ChannelName, LogEnd> ends(Collection<ChannelName> channels) {
        return transactions.withHandle(handle -> read(handle, channels), () -> notRead(channels));
    }

    /**
     * Where the logs of the channels end in the state that the queries of the handle's transaction see.
     *
     * @throws IllegalStateException if its isolation level allows each query to see another state
     */
    Map<ChannelName, LogEnd> endsWithin(Handle handle, Collection<ChannelName> channels) {
        try {
            transactions.dialect(handle).snapshots().require(handle.getConnection());
            return read(handle, channels);
        } catch (JdbiException | SQLException e) {
            throw SqlErrors.of(notRead(channels), Outcome.NOT_STORED, e);
        }
    }

    private Map<ChannelName, LogEnd> read(Handle handle, Collection<ChannelName> channels) {
        Map<ChannelName, LogEnd> ends = new HashMap<>();
        channels.forEach(channel -> ends.put(channel, LogEnd.open(EventId.NONE)));
        channels(handle)
                .find(ends.keySet())
                .forEach((channel, row) -> ends.put(channel, new LogEnd(row.newestPosition(), row.isFinished())));
        return ends;
    }

    private static String notRead(Collection<ChannelName> channels) {
        return "the newest events of " + channels.size() + " channel(s) were not read";
    }

    /** The newest positions of the channels to which events were sent since a time. */
    Map<ChannelName, EventId> newestSince(Instant time) {
        return transactions.withHandle(
                handle -> new EventDao(handle).newestSince(time.toEpochMilli()),
                () -> "the events sent since " + time + " were not read");
    }

    /** Where a new reader of the channels starts; {@link EventId#NONE} in a channel without a log. */
    Map<ChannelName, EventId> starts(Collection<ChannelName> channels, StartLimit limit) {
        Map<ChannelName, EventId> starts = new HashMap<>();
        channels.forEach(channel -> starts.put(channel, EventId.NONE));
        if (starts.isEmpty()) {
            return starts;
        }
        return transactions.withHandle(
                handle -> {
                    EventDao events = new EventDao(handle);
                    channels(handle)
                            .find(starts.keySet())
                            .forEach((channel, row) -> starts.put(channel, start(events, row, limit)));
                    return starts;
                },
                () -> "the start in " + starts.size() + " channel(s) was not found");
    }

    private static EventId start(EventDao events, ChannelRow channel, StartLimit limit) {
        long after = Math.max(channel.trimmedThrough(), channel.newestShown() - limit.events());
        return channel.position(
                limit.since().isAfter(Instant.EPOCH) && after < channel.newest()
                        ? events.lastBefore(channel, after, channel.newest(), millis(limit.since()))
                        : after);
    }

    // an Instant can be later than the last millisecond that a long can count
    private static long millis(Instant time) {
        Instant last = Instant.ofEpochMilli(Long.MAX_VALUE);
        return time.isAfter(last) ? Long.MAX_VALUE : time.toEpochMilli();
    }

    /**
     * Replaces an epoch.
     *
     * @throws ChannelLockedException if another transaction has locked the channel
     */
    void renewEpoch(ChannelName channel, String epoch) {
        transactions.withHandle(
                handle -> {
                    Transactions.inTransaction(handle, () -> renewIfFree(channels(handle), channel, epoch));
                    return handle;
                },
                () -> "channel \"" + channel + "\" did not get a new epoch");
    }

    // the look locks the row until the transaction ends, so the update does not wait
    private static void renewIfFree(ChannelDao channels, ChannelName channel, String epoch) {
        if (channels.find(List.of(channel)).isEmpty()) {
            return;
        }
        List<ChannelName> locked = channels.locked(new TreeSet<>(Set.of(channel)));
        if (!locked.isEmpty()) {
            throw new ChannelLockedException(
                    locked, new EventStoreException("channel \"" + channel + "\" did not get a new epoch"));
        }
        if (channels.catchUpWithLog(Set.of(channel)) == 0) {
            channels.renewEpoch(channel, epoch);
        }
    }

    /** Whether the handle's transaction sees the event and others do not. */
    boolean isUncommitted(Handle handle, Event event) {
        return reaches(channels(handle), event)
                && !transactions.withHandle(
                        other -> reaches(channels(other), event),
                        () -> "channel \"" + event.channel() + "\" was not read");
    }

    private static boolean reaches(ChannelDao channels, Event event) {
        ChannelRow channel = channels.find(List.of(event.channel())).get(event.channel());
        return channel != null
                && channel.epoch().equals(event.id().epoch())
                && channel.newest() >= event.id().sequence();
    }

    private ChannelDao channels(Handle handle) {
        return new ChannelDao(handle, transactions.dialect(handle));
    }
}
