package dev.eventstream.store;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A store on which trimming a channel takes its time. */
record SlowTrim(EventStore store, Runnable time) implements EventStore {

    @Override
    public Appended append(List<NewEvent> events) {
        return store.append(events);
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
    public int trim(Instant before, int batch) {
        return store.trim(before, batch);
    }

    @Override
    public int trim(ChannelName channel, Keep keep, int batch) {
        time.run();
        return store.trim(channel, keep, batch);
    }

    @Override
    public List<ChannelExtent> extents(String after, int limit) {
        return store.extents(after, limit);
    }

    @Override
    public void check() {
        store.check();
    }
}
