package dev.eventstream.store;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Forwards every call to another store. Tests override the methods that they need. As thread-safe as that store. */
public abstract class ForwardingEventStore implements EventStore {
    private final EventStore store;

    protected ForwardingEventStore(EventStore store) {
        this.store = store;
    }

    @Override
    public Appended append(List<NewEvent> events, Duration maxLockWait) {
        return store.append(events, maxLockWait);
    }

    @Override
    public boolean isUncommitted(StoreTransaction transaction, Event event) {
        return store.isUncommitted(transaction, event);
    }

    @Override
    public Appended append(StoreTransaction transaction, List<NewEvent> events) {
        return store.append(transaction, events);
    }

    @Override
    public EventPage readAfter(ChannelName channel, EventId after, PageLimit limit) {
        return store.readAfter(channel, after, limit);
    }

    @Override
    public Map<ChannelName, EventId> newest(Collection<ChannelName> channels) {
        return store.newest(channels);
    }

    @Override
    public Map<ChannelName, LogEnd> ends(Collection<ChannelName> channels) {
        return store.ends(channels);
    }

    @Override
    public Map<ChannelName, LogEnd> ends(StoreTransaction transaction, Collection<ChannelName> channels) {
        return store.ends(transaction, channels);
    }

    @Override
    public void reopen(ChannelName channel) {
        store.reopen(channel);
    }

    @Override
    public Optional<Map<ChannelName, EventId>> newestSince(Instant time) {
        return store.newestSince(time);
    }

    @Override
    public Optional<Map<ChannelName, EventId>> startPositions(Collection<ChannelName> channels, StartLimit limit) {
        return store.startPositions(channels, limit);
    }

    @Override
    public void renewEpoch(ChannelName channel, String epoch) {
        store.renewEpoch(channel, epoch);
    }

    @Override
    public int trim(Instant before, int batch) {
        return store.trim(before, batch);
    }

    @Override
    public int trim(ChannelName channel, TrimLimit keep, int batch) {
        return store.trim(channel, keep, batch);
    }

    @Override
    public List<ChannelStats> stats(String after, int limit) {
        return store.stats(after, limit);
    }

    @Override
    public Optional<LogSize> size() {
        return store.size();
    }

    @Override
    public Optional<Outbox> outbox() {
        return store.outbox();
    }

    @Override
    public void check() {
        store.check();
    }
}
