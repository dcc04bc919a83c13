package dev.eventstream.subscriber;

import com.codahale.metrics.MetricRegistry;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.ReadersByName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.LastEventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.loop.ManualExecutor;
import dev.eventstream.loop.SettableTicker;
import dev.eventstream.publisher.EventTracing;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.memory.MemoryEventStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The parts of one shard without its thread and queue: wake-ups are only noted, as if their tasks had been lost. Confined to the
 * test's thread.
 */
final class TestShard {
    final EventStore log = new MemoryEventStore(Clock.systemUTC());
    final SettableTicker ticker = new SettableTicker();
    final MemoryBudget memory = new MemoryBudget(4 << 20);
    final ManualExecutor executor = new ManualExecutor();
    final List<Subscription> woken = new ArrayList<>();
    final MetricRegistry registry = new MetricRegistry();
    final StreamMetrics metrics = new StreamMetrics(registry, ticker);
    final RecentEvents recent = new RecentEvents(memory);
    final Feeds feeds = new Feeds(log, new StoredChannels(List.of(new ChannelPattern("live"))), feed -> {});
    final LiveStreams live = new LiveStreams(memory, metrics, EventTracing.OFF);
    final ShardChannels channels = new ShardChannels(feeds, live, memory);
    final StreamCatchUp catchUp;
    final CatchUpQueue catchUps;
    final ShardStreams streams;

    /**
     * @param turns how many streams may catch up at once
     */
    TestShard(int turns) {
        SharedPages pages = new SharedPages(log, memory, ticker);
        LogTrouble trouble = new LogTrouble();
        this.catchUp = new StreamCatchUp(feeds, new Replay(feeds, pages), memory, executor, trouble, metrics);
        ShardResources shared = new ShardResources(
                feeds,
                new FeedReader(pages, recent, executor, trouble, feed -> {}),
                catchUp,
                new PermissionChecks((reader, channel) -> true, ReadersByName.none(), executor),
                new PermissionChecks((reader, channel) -> true, ReadersByName.none(), executor),
                new AccessChanges(ticker),
                TestEvents.TERMS,
                memory,
                metrics,
                EventTracing.OFF,
                ticker,
                turns);
        this.catchUps = new CatchUpQueue(shared, woken::add);
        this.streams = new ShardStreams(channels, live, shared, woken::add);
    }

    /** A stream that joins the shard. */
    Subscription join(Reader reader, LastEventId position, ChannelName... names) {
        Subscription subscription = TestEvents.subscription(reader, position, memory, names);
        channels.expect(subscription);
        streams.attend(subscription);
        return subscription;
    }

    Subscription join(LastEventId position, ChannelName... names) {
        return join(Reader.anonymous(), position, names);
    }

    /** Stores events of a channel, which its feed does not know yet. */
    List<Event> store(ChannelName channel, String... data) {
        return log.append(Stream.of(data)
                        .map(text -> NewEvent.text(channel.value(), "message", text))
                        .toList())
                .events();
    }

    /** Stores events of a channel and moves its feed. */
    List<Event> announce(ChannelName channel, String... data) {
        List<Event> events = store(channel, data);
        feeds.newest(List.of(channel));
        events.forEach(event -> recent.accept(feeds.get(channel), new EncodedEvent(event)));
        return events;
    }

    /** Stores events of a channel, moves its feed and hands them out. */
    List<Event> send(ChannelName channel, String... data) {
        List<Event> events = announce(channel, data);
        streams.pull(channel);
        streams.flush();
        return events;
    }

    /** Loads the feeds of channels at the current ends of their logs. */
    void load(ChannelName... names) {
        feeds.newest(List.of(names));
    }
}
