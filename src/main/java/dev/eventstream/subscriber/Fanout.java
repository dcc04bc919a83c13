package dev.eventstream.subscriber;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.ReadersByName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.publisher.Announcer;
import dev.eventstream.store.EventStore;
import dev.eventstream.stream.Admission;
import dev.eventstream.stream.HoldInstruction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Passes announced events to the streams of this node: moves the feeds of their channels forward, and has each shard look at them.
 *
 * <p>Thread-safe; no method but {@link #stop}, {@link #watch} and {@link #survey} blocks. {@link #announceSent} makes a sender of unstored
 * events wait for up to 50 ms for each shard that is more than a round behind: its readers would get them late anyway, and
 * later and later. Senders of stored events wait for the database instead.
 */
public final class Fanout implements Announcer {
    /** A shard looks at its streams four times a second. */
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(5);

    /** How long a sender of unstored events waits at most for a shard that is behind. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);

    private final Feeds feeds;
    private final RecentEvents recent;
    private final SharedPages pages;
    private final FeedReader feedReader;
    private final StreamStart streamStart;
    private final MemoryBudget memory;
    private final StreamMetrics metrics;
    private final Ticker ticker;
    private final LogPoll poll;
    private final AccessChanges changes;
    private final StreamTerms terms;
    private final List<Shard> shards;
    private final AtomicInteger subscriptions = new AtomicInteger();

    /**
     * @param readers finds the principals that readers have now
     */
    public Fanout(
            EventStore store,
            StoredChannels stored,
            ChannelAuthorizer authorizer,
            ReadersByName readers,
            FanoutResources resources,
            MetricRegistry registry) {
        this.memory = resources.memory();
        this.ticker = resources.ticker();
        this.metrics = new StreamMetrics(registry, ticker);
        this.recent = new RecentEvents(memory);
        this.pages = new SharedPages(store, memory, ticker);
        this.changes = new AccessChanges(ticker);
        this.terms = resources.terms();
        Executor catchUp = resources.heartbeats().watched("catch-up", resources.catchUp());
        Executor permissions = resources.heartbeats().watched("permissions", resources.permissions());
        LogTrouble trouble = new LogTrouble();
        this.feedReader = new FeedReader(pages, recent, catchUp, trouble, this::moved);
        this.feeds = new Feeds(store, stored, feedReader::read);
        this.poll = new LogPoll(store, feeds, feedReader, terms.clock(), ticker, resources.pollInterval(), registry);
        Replay replay = new Replay(feeds, pages);
        this.streamStart = new StreamStart(feeds, new StartPositions(store), replay, memory);
        ShardResources shared = new ShardResources(
                feeds,
                feedReader,
                new StreamCatchUp(feeds, replay, memory, catchUp, trouble, metrics),
                new PermissionChecks(authorizer, readers, permissions),
                new PermissionChecks(
                        authorizer, readers, resources.heartbeats().watched("recheck", resources.rechecks())),
                changes,
                terms,
                memory,
                metrics,
                resources.tracing(),
                ticker,
                Math.max(1, 2 * resources.catchUpThreads() / resources.shards()));
        this.shards = IntStream.range(0, resources.shards())
                .mapToObj(i -> new Shard(
                        shared,
                        resources.heartbeats().add("fan-out-" + i, LONGEST_ROUND),
                        i == 0 ? this::doChores : () -> {}))
                .toList();
        registry.gauge("eventstream.feeds", () -> feeds::size);
        registry.gauge("eventstream.memory.recent-events", () -> recent::bytes);
        registry.gauge("eventstream.memory.pages", () -> pages::bytes);
        registry.gauge("eventstream.memory.used", () -> memory::used);
        registry.gauge("eventstream.memory.limit", () -> memory::limit);
    }

    /** Starts the fan-out threads. Each occupies one thread of the executor. */
    public void start(Executor owner) {
        shards.forEach(shard -> shard.start(owner));
    }

    /** Ends the fan-out. Later announcements are not delivered. */
    public void stop() throws InterruptedException {
        for (Shard shard : shards) {
            shard.stop();
        }
    }

    /** Finds the starts of streams in the same feeds. */
    public StreamStart streamStart() {
        return streamStart;
    }

    /** The budget of this node, which the sinks of its streams must use, too. */
    public MemoryBudget memory() {
        return memory;
    }

    /** The number of open streams. */
    public int openStreams() {
        return metrics.open();
    }

    /** The stored channels that are read on this node. */
    Collection<ChannelName> channels() {
        return feeds.channels();
    }

    /** The poll of the log, for a thread that runs it at least once per interval. */
    public LogPoll poll() {
        return poll;
    }

    /**
     * Continues a stream.
     *
     * @param sink makes the stream's sink, which must report to the given listener
     */
    public <S extends StreamSink> S subscribe(HoldInstruction instruction, Function<StreamSink.Listener, S> sink) {
        List<ChannelName> stored =
                instruction.channels().stream().filter(feeds::isStored).toList();
        StreamTimes times = new StreamTimes(terms, instruction.admission().validUntil(), ticker.read());
        int number = subscriptions.incrementAndGet();
        Subscription subscription = new Subscription(number, instruction, stored, times);
        Shard shard = shards.get(Math.floorMod(number, shards.size()));
        S made = sink.apply(shard.listener(subscription));
        subscription.writeTo(made);
        shard.join(subscription);
        return made;
    }

    /**
     * Describes all open streams, for an operator. Blocks until the fan-out threads have done so, a part at a time between their other
     * work.
     *
     * @param limit how long to wait
     * @throws TimeoutException if a fan-out thread does not answer in that time
     */
    public List<StreamInfo> survey(Duration limit) throws InterruptedException, TimeoutException {
        long endNanos = ticker.read() + limit.toNanos();
        List<CompletableFuture<List<StreamInfo>>> surveys =
                shards.stream().map(Shard::survey).toList();
        List<StreamInfo> all = new ArrayList<>();
        for (CompletableFuture<List<StreamInfo>> survey : surveys) {
            try {
                all.addAll(survey.get(endNanos - ticker.read(), TimeUnit.NANOSECONDS));
            } catch (ExecutionException e) {
                throw new IllegalStateException("the streams could not be described", e);
            }
        }
        return all;
    }

    /** The position up to which this node knows the log of a channel; empty if it does not follow the channel. */
    public Optional<EventId> knownPosition(ChannelName channel) {
        return feeds.find(channel).flatMap(ChannelFeed::last);
    }

    /**
     * Opens a stream of a channel that this process reads itself, from now on, to see whether an event with the mark arrives. Blocks
     * while the database works, if the channel is not being read yet.
     */
    public MarkSink watch(ChannelName channel, String mark) {
        Map<ChannelName, EventId> position = feeds.isStored(channel) ? feeds.newest(List.of(channel)) : Map.of();
        return subscribe(
                new HoldInstruction(
                        List.of(channel),
                        LastEventId.of(position),
                        Reader.anonymous(),
                        new Admission(ticker.read(), Instant.MAX)),
                listener -> new MarkSink(listener, mark));
    }

    /**
     * Applies a change of rights: asks the authorizer again about every stream that the change affects, or ends it. This includes
     * streams whose request is still in progress.
     */
    public void apply(AccessChange change) {
        metrics.applied(change);
        changes.note(change);
        shards.forEach(shard -> shard.apply(change));
    }

    /** The recent changes of rights, for requests in progress. */
    public AccessChanges changes() {
        return changes;
    }

    @Override
    public CompletableFuture<Void> announce(List<Event> events) {
        return announce(events, EncodedEvent::new);
    }

    @Override
    public CompletableFuture<Void> announceSent(List<Event> events, long sentNanos) {
        CompletableFuture<Void> done = announce(events, event -> new EncodedEvent(event, sentNanos));
        if (events.stream().anyMatch(event -> !event.isStored())) {
            shards.forEach(shard -> shard.awaitRoom(LONGEST_PAUSE));
        }
        return done;
    }

    private CompletableFuture<Void> announce(List<Event> events, Function<Event, EncodedEvent> encoder) {
        Set<ChannelFeed> moved = new LinkedHashSet<>();
        for (Event event : events) {
            if (event.isStored()) {
                feeds.find(event.channel())
                        .filter(feed -> announce(feed, encoder.apply(event)))
                        .ifPresent(moved::add);
            } else {
                pass(event, encoder);
            }
        }
        moved.forEach(this::moved);
        return DONE;
    }

    /** Reports the newest positions of channels. A feed that has not reached its position reads the log. */
    public void announceNewest(Map<ChannelName, EventId> newest) {
        newest.forEach((channel, position) ->
                feeds.find(channel).filter(feed -> feed.isBehind(position)).ifPresent(feedReader::read));
    }

    /** Asks the authorizer again about every channel of every stream, because changed permissions may have been missed. */
    public void recheckAll() {
        changes.noteAll();
        shards.forEach(Shard::recheckAll);
    }

    /** Resets every unstored channel in every stream that reads it, because events of such channels may have been missed. */
    public void missedUnstored() {
        shards.forEach(Shard::missedUnstored);
    }

    /** Passes on an event that is not stored, encoded once for all shards that read its channel. */
    private void pass(Event event, Function<Event, EncodedEvent> encoder) {
        List<Shard> readers =
                shards.stream().filter(shard -> shard.reads(event.channel())).toList();
        if (!readers.isEmpty()) {
            EncodedEvent encoded = encoder.apply(event);
            readers.forEach(shard -> shard.pass(event.channel(), encoded));
        }
    }

    /** Announces one stored event; returns whether its feed has moved. */
    private boolean announce(ChannelFeed feed, EncodedEvent event) {
        ChannelFeed.Verdict verdict = recent.accept(feed, event);
        if (verdict == ChannelFeed.Verdict.GAP) {
            feedReader.read(feed);
        } else if (verdict == ChannelFeed.Verdict.CONTRADICTION) {
            poll.doubt(feed);
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
