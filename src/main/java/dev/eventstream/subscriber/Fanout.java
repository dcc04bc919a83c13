package dev.eventstream.subscriber;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.loop.Heartbeats;
import dev.eventstream.publisher.Announcer;
import dev.eventstream.store.EventStore;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Passes announced events on to the streams of this node: moves the feeds of their channels on, and has each shard look at those.
 *
 * <p>Thread-safe; no method but {@link #stop} blocks.
 */
public final class Fanout implements Announcer {
    /** A shard looks at its streams four times a second. */
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(5);

    private final Feeds feeds;
    private final RecentEvents recent;
    private final SharedPages pages;
    private final FeedReader feedReader;
    private final StreamStart streamStart;
    private final MemoryBudget memory;
    private final StreamMetrics metrics;
    private final Ticker ticker;
    private final List<Shard> shards;
    private final AtomicInteger subscriptions = new AtomicInteger();

    /**
     * How a fan-out runs.
     *
     * @param catchUp runs what blocks on the database
     * @param catchUpThreads how many tasks that executor runs at a time
     * @param permissions runs what blocks on the authorizer
     * @param shards fan-out threads
     * @param memory for all waiting bytes of this node
     * @param ticker measures time
     * @param heartbeats watch the threads
     */
    public record Resources(
            Executor catchUp,
            int catchUpThreads,
            Executor permissions,
            int shards,
            MemoryBudget memory,
            Ticker ticker,
            Heartbeats heartbeats) {}

    public Fanout(
            EventStore store,
            StoredChannels stored,
            ChannelAuthorizer authorizer,
            Resources resources,
            MetricRegistry registry) {
        this.memory = resources.memory();
        this.ticker = resources.ticker();
        this.metrics = new StreamMetrics(registry);
        this.recent = new RecentEvents(memory);
        this.pages = new SharedPages(store, memory, ticker);
        WatchedExecutor catchUp = watched("catch-up", resources.catchUp(), resources, registry);
        WatchedExecutor permissions = watched("permissions", resources.permissions(), resources, registry);
        LogTrouble trouble = new LogTrouble();
        this.feedReader = new FeedReader(pages, recent, catchUp, trouble, this::moved);
        this.feeds = new Feeds(store, stored, feedReader::read);
        Replay replay = new Replay(feeds, pages);
        this.streamStart = new StreamStart(feeds, replay, memory);
        ShardResources shared = new ShardResources(
                feeds,
                feedReader,
                new StreamCatchUp(feeds, replay, memory, catchUp, trouble, metrics),
                new PermissionChecks(authorizer, permissions),
                memory,
                metrics,
                ticker,
                Math.max(1, 2 * resources.catchUpThreads() / resources.shards()));
        this.shards = IntStream.range(0, resources.shards())
                .mapToObj(i -> new Shard(
                        shared,
                        resources.heartbeats().add("fan-out-" + i, LONGEST_ROUND),
                        i == 0 ? this::doChores : () -> {}))
                .toList();
        registry.gauge("eventstream.memory.used", () -> memory::used);
        registry.gauge("eventstream.memory.limit", () -> memory::limit);
    }

    private static WatchedExecutor watched(
            String name, Executor executor, Resources resources, MetricRegistry registry) {
        WatchedExecutor watched = new WatchedExecutor(
                executor,
                resources.ticker(),
                registry.meter(MetricRegistry.name("eventstream", "loop", name, "failures")));
        resources.heartbeats().watch(name, watched::trouble);
        return watched;
    }

    /** Starts the fan-out threads on an executor, which needs one thread for each and loses it to them. */
    public void start(Executor owner) {
        shards.forEach(shard -> shard.start(owner));
    }

    /** Ends the fan-out; what is announced after it is not delivered. */
    public void stop() throws InterruptedException {
        for (Shard shard : shards) {
            shard.stop();
        }
    }

    /** Finds the starts of streams in the same feeds. */
    public StreamStart streamStart() {
        return streamStart;
    }

    /** The budget of this node, against which the sinks of its streams count too. */
    public MemoryBudget memory() {
        return memory;
    }

    /** The number of open streams. */
    public int openStreams() {
        return metrics.open();
    }

    /** The stored channels that are read on this node. */
    public Collection<ChannelName> channels() {
        return feeds.all().stream()
                .filter(ChannelFeed::isStored)
                .map(ChannelFeed::channel)
                .toList();
    }

    /**
     * Carries on a stream from a position.
     *
     * @param channels all channels of the stream, sorted by name
     * @param position where it stands in those that are stored
     * @param sink makes the stream's sink with the listener it reports to
     */
    public <S extends StreamSink> S subscribe(
            Reader reader, List<ChannelName> channels, LastEventId position, Function<StreamSink.Listener, S> sink) {
        List<ChannelName> stored = channels.stream().filter(feeds::isStored).toList();
        Subscription subscription = new Subscription(reader, channels, stored, position);
        Shard shard = shards.get(Math.floorMod(subscriptions.getAndIncrement(), shards.size()));
        S made = sink.apply(shard.listener(subscription));
        subscription.writeTo(made);
        shard.join(subscription);
        return made;
    }

    /**
     * Asks the authorizer again for every stream of the user that has the channel, including one whose request is under way, and
     * ends those that may not read it.
     */
    public void recheck(String user, ChannelName channel) {
        shards.forEach(shard -> shard.recheck(user, channel));
    }

    @Override
    public CompletableFuture<Void> announce(List<Event> events) {
        Set<ChannelFeed> moved = new LinkedHashSet<>();
        for (Event event : events) {
            if (event.isStored()) {
                feeds.find(event.channel())
                        .filter(feed -> announce(feed, new EncodedEvent(event)))
                        .ifPresent(moved::add);
            } else {
                pass(event);
            }
        }
        moved.forEach(this::moved);
        return DONE;
    }

    /** Tells where channels stand; a feed that has not come so far reads the log. */
    public void announceNewest(Map<ChannelName, EventId> newest) {
        newest.forEach((channel, position) ->
                feeds.find(channel).filter(feed -> feed.isBehind(position)).ifPresent(feedReader::read));
    }

    /** Passes on an event that is not stored, encoded once for all shards that read its channel. */
    private void pass(Event event) {
        List<Shard> readers =
                shards.stream().filter(shard -> shard.reads(event.channel())).toList();
        if (!readers.isEmpty()) {
            EncodedEvent encoded = new EncodedEvent(event);
            readers.forEach(shard -> shard.pass(event.channel(), encoded));
        }
    }

    /** Announces one stored event; whether its feed has moved. */
    private boolean announce(ChannelFeed feed, EncodedEvent event) {
        ChannelFeed.Verdict verdict = recent.accept(feed, event);
        if (verdict == ChannelFeed.Verdict.GAP) {
            feedReader.read(feed);
        }
        return verdict == ChannelFeed.Verdict.NEXT;
    }

    private void moved(ChannelFeed feed) {
        shards.forEach(shard -> shard.news(feed.channel()));
    }

    private void doChores() {
        feedReader.retryFailed();
        feeds.forgetUnused(channel -> shards.stream().anyMatch(shard -> shard.reads(channel)), ticker.read());
        pages.cleanUp();
    }
}
