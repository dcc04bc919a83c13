package dev.eventstream.testing;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.StartLimit;
import dev.eventstream.store.StoreTransaction;
import dev.eventstream.store.TrimLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A log in memory whose events grow old when a test advances its clock. The bundle keeps the system's clock, so each time that it
 * passes is moved to the clock of the log, and back. Thread-safe.
 */
final class AgingStore implements EventStore {
    private final TestClock clock;
    private final MemoryEventStore store;

    AgingStore(TestClock clock) {
        this.clock = clock;
        this.store = new MemoryEventStore(clock);
    }

    @Override
    public Appended append(List<NewEvent> events, Duration maxLockWait) {
        return store.append(events, maxLockWait);
    }

    @Override
    public Appended append(StoreTransaction transaction, List<NewEvent> events) {
        return store.append(transaction, events);
    }

    @Override
    public boolean isUncommitted(StoreTransaction transaction, Event event) {
        return store.isUncommitted(transaction, event);
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
    public Optional<Map<ChannelName, EventId>> startPositions(Collection<ChannelName> channels, StartLimit limit) {
        return store.startPositions(channels, new StartLimit(clock.ofSystem(limit.since()), limit.events()));
    }

    @Override
    public int trim(Instant before, int batch) {
        return store.trim(clock.ofSystem(before), batch);
    }

    @Override
    public int trim(ChannelName channel, TrimLimit keep, int batch) {
        return store.trim(channel, new TrimLimit(clock.ofSystem(keep.since()), keep.events()), batch);
    }

    @Override
    public List<ChannelStats> stats(String after, int limit) {
        return store.stats(after, limit).stream()
                .map(stats -> new ChannelStats(stats.channel(), stats.events(), clock.toSystem(stats.oldest())))
                .toList();
    }

    @Override
    public void check() {
        store.check();
    }
}
