package dev.eventstream.subscriber;

import com.codahale.metrics.MetricRegistry;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.publisher.Announcer;
import dev.eventstream.store.EventStore;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes announced events on to the streams of this JVM, and brings streams and feeds that are behind up to date.
 *
 * <p>Thread-safe: every public method only looks, or puts a task in the queue of the fan-out thread, where the rest runs.
 */
public final class Fanout implements Announcer {
    private static final Logger LOGGER = LoggerFactory.getLogger(Fanout.class);

    /** Bytes of announced events that may wait. Beyond it stored events are read from the log later, others are lost. */
    static final long MAX_QUEUED_BYTES = 64L << 20;

    private static final Duration KEEP_UNUSED_FEEDS = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final FanoutThread thread = new FanoutThread(this::afterBatch, this::tick);
    private final ChannelAuthorizer authorizer;
    private final CatchUpThreads catchUpThreads;
    private final Feeds feeds;
    private final SharedPages pages;
    private final Replay replay;
    private final LiveStreams streams;
    private final PermissionChanges permissionChanges = new PermissionChanges();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final Set<ChannelFeed> dropped = ConcurrentHashMap.newKeySet();

    /**
     * @param catchUpThreads runs what blocks on the database or on the authorizer
     */
    public Fanout(
            EventStore store,
            StoredChannels stored,
            ChannelAuthorizer authorizer,
            Executor catchUpThreads,
            MetricRegistry metrics) {
        this.authorizer = authorizer;
        this.catchUpThreads = new CatchUpThreads(thread, catchUpThreads);
        this.feeds = new Feeds(store, stored, feed -> thread.put(() -> catchUp(feed)));
        this.pages = new SharedPages(store);
        this.replay = new Replay(feeds, pages);
        this.streams = new LiveStreams(thread, this.catchUpThreads, feeds, replay, this::catchUp, metrics);
        metrics.gauge("eventstream.streams.open", () -> streams::open);
        metrics.gauge("eventstream.fan-out.queued-bytes", () -> queuedBytes::get);
    }

    /** Starts the fan-out on a thread of that executor, which it keeps. */
    public void start(Executor owner) {
        owner.execute(thread);
    }

    /** Ends the fan-out; what is announced after it is not delivered. */
    public void stop() throws InterruptedException {
        thread.stop(STOP_TIMEOUT);
    }

    /** What finds the beginnings of streams, from the same feeds. */
    public CatchUp catchUp() {
        return new CatchUp(feeds, replay);
    }

    /** How many streams are open. */
    public int openStreams() {
        return streams.open();
    }

    /** The stored channels that somebody here reads. */
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
     * @param sink makes the stream's sink, given whom it is to tell
     */
    public <S extends StreamSink> S subscribe(
            Reader reader, List<ChannelName> channels, LastEventId position, Function<StreamSink.Listener, S> sink) {
        List<ChannelName> stored = channels.stream().filter(feeds::isStored).toList();
        Subscription subscription = new Subscription(streams, reader, channels, stored, position);
        S made = sink.apply(subscription);
        subscription.writeTo(made);
        streams.opened();
        thread.put(() -> {
            streams.join(subscription);
            permissionChanges.of(reader, channels).forEach(channel -> recheck(subscription, channel));
        });
        return made;
    }

    /**
     * Asks the authorizer again for every stream of the user that has the channel, also for one whose request is under way;
     * whoever may not read it is cut off.
     */
    public void recheck(String user, ChannelName channel) {
        thread.put(() -> {
            permissionChanges.note(user, channel, System.nanoTime());
            streams.of(user, channel).forEach(subscription -> recheck(subscription, channel));
        });
    }

    private void recheck(Subscription subscription, ChannelName channel) {
        catchUpThreads.execute(
                () -> {
                    if (!authorizer.mayRead(subscription.reader, channel)) {
                        cutOff(subscription, channel);
                    }
                },
                () -> cutOff(subscription, channel));
    }

    // also when the authorizer failed: the default is deny
    private static void cutOff(Subscription subscription, ChannelName channel) {
        LOGGER.info("Cut off {}: may not read channel=\"{}\" any longer", subscription.reader, channel);
        StreamFrame farewell = StreamFrame.StreamError.revoked(channel);
        subscription.sink().end(ByteBuffer.wrap(EventStreamEncoder.encode(farewell)), CloseReason.FORBIDDEN);
    }

    // ---- announcements

    @Override
    public CompletableFuture<Void> announce(List<Event> events) {
        for (Event event : events) {
            feeds.find(event.channel()).ifPresent(feed -> enqueue(feed, new EncodedEvent(event)));
        }
        return DONE;
    }

    /** Tells where channels stand; a feed that has not come so far reads the log. */
    public void announceNewest(Map<ChannelName, EventId> newest) {
        newest.forEach((channel, position) -> feeds.find(channel)
                .filter(feed -> feed.isBehind(position))
                .ifPresent(feed -> thread.put(() -> catchUp(feed))));
    }

    private void enqueue(ChannelFeed feed, EncodedEvent event) {
        if (queuedBytes.addAndGet(event.length()) <= MAX_QUEUED_BYTES) {
            thread.put(() -> {
                queuedBytes.addAndGet(-event.length());
                apply(feed, event);
            });
        } else {
            queuedBytes.addAndGet(-event.length());
            if (dropped.add(feed)) {
                thread.put(() -> recoverDropped(feed));
            }
        }
    }

    private void apply(ChannelFeed feed, EncodedEvent event) {
        if (!feed.isStored()) {
            streams.gather(feed, event);
            return;
        }
        switch (feed.accept(event)) {
            case NEXT -> streams.gather(feed, event);
            case GAP -> catchUp(feed);
            case OLD -> {}
        }
    }

    /** Announcements of the channel found the queue full. */
    private void recoverDropped(ChannelFeed feed) {
        dropped.remove(feed);
        LOGGER.warn(
                "More than {} bytes of events waited for the fan-out; channel=\"{}\" is {}",
                MAX_QUEUED_BYTES,
                feed.channel(),
                feed.isStored() ? "read from the log" : "not stored, its readers are told of the loss");
        if (feed.isStored()) {
            catchUp(feed);
        } else {
            streams.lose(feed);
        }
    }

    // ---- feeds that are behind

    private void catchUp(ChannelFeed feed) {
        Optional<EventId> last = feed.last();
        if (last.isEmpty()) {
            return;
        }
        if (feed.reading) {
            feed.readAgain = true;
            return;
        }
        feed.reading = true;
        feed.readAgain = false;
        catchUpThreads.execute(
                () -> {
                    SharedPages.Found found = pages.readAfter(feed.channel(), last.get());
                    thread.put(() -> read(feed, found));
                },
                () -> {
                    feed.reading = false;
                    catchUp(feed);
                });
    }

    private void read(ChannelFeed feed, SharedPages.Found found) {
        feed.reading = false;
        boolean more = feed.readAgain;
        if (found instanceof SharedPages.Found.Events run) {
            more |= !run.events().isEmpty();
            run.events().stream()
                    .filter(event -> feed.accept(event) == ChannelFeed.Verdict.NEXT)
                    .forEach(event -> streams.gather(feed, event));
        } else if (found instanceof SharedPages.Found.PositionUnavailable lost) {
            LOGGER.warn(
                    "channel=\"{}\" cannot go on from {}: trimmed or another log; its readers are reset to {}",
                    feed.channel(),
                    feed.last().map(EventId::toString).orElse("nowhere"),
                    lost.newest());
            feed.reset(lost.newest());
            streams.reset(feed, lost.newest());
        }
        if (more) {
            catchUp(feed);
        }
    }

    // ---- the thread

    private void afterBatch() {
        streams.flushAll();
    }

    private void tick() {
        streams.maintainAll();
        long now = System.nanoTime();
        feeds.all().stream()
                .filter(feed -> feed.isUnusedFor(KEEP_UNUSED_FEEDS, now))
                .toList()
                .forEach(feeds::remove);
    }
}
