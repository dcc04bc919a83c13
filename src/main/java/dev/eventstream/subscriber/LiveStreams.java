package dev.eventstream.subscriber;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.subscriber.Subscription.State;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of this JVM and what each of them does: catch up, drain, be live, end.
 *
 * <p>Confined to the fan-out thread, but for {@link #drained}, {@link #closed} and {@link #open}, which any thread may
 * call, and the catch-up tasks, which run on catch-up threads and report back.
 */
final class LiveStreams {
    private static final Logger LOGGER = LoggerFactory.getLogger(LiveStreams.class);

    /** How soon a stream looks again whether the feed has come to where the log has let it read. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private static final int PAGE_EVENTS = 1_000;
    private static final int PAGE_BYTES = 128 << 10;
    private static final int PAGES_IN_A_ROW = 16;

    private final FanoutThread thread;
    private final CatchUpThreads catchUpThreads;
    private final Feeds feeds;
    private final Replay replay;
    private final Consumer<ChannelFeed> catchUp;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<Subscription> subscriptions = new LinkedHashSet<>();
    private final Map<List<ChannelName>, Cohort> cohorts = new HashMap<>();
    private final Set<Cohort> gathered = new LinkedHashSet<>();
    private final Meter delivered;
    private final Meter catchUps;
    private final Meter overflows;
    private final Map<CloseReason, Counter> ended = new EnumMap<>(CloseReason.class);

    /**
     * @param catchUp makes a feed that is behind read the log
     */
    LiveStreams(
            FanoutThread thread,
            CatchUpThreads catchUpThreads,
            Feeds feeds,
            Replay replay,
            Consumer<ChannelFeed> catchUp,
            MetricRegistry metrics) {
        this.thread = thread;
        this.catchUpThreads = catchUpThreads;
        this.feeds = feeds;
        this.replay = replay;
        this.catchUp = catchUp;
        this.delivered = metrics.meter("eventstream.events.delivered");
        this.catchUps = metrics.meter("eventstream.catch-ups");
        this.overflows = metrics.meter("eventstream.overflows");
        for (CloseReason cause : CloseReason.values()) {
            ended.put(cause, metrics.counter("eventstream.streams.ended." + cause.label()));
        }
    }

    /** How many streams are open. Any thread. */
    int open() {
        return open.get();
    }

    // ---- coming

    /** Counts a stream that is about to join. Any thread. */
    void opened() {
        open.incrementAndGet();
    }

    void join(Subscription subscription) {
        if (subscription.state == State.ENDED) {
            return;
        }
        subscriptions.add(subscription);
        subscription.channels.forEach(channel -> feeds.get(channel).streams++);
        follow(subscription);
        goLive(subscription);
    }

    // ---- events to live streams

    void gather(ChannelFeed feed, EncodedEvent event) {
        feed.cohorts.forEach(cohort -> {
            cohort.add(feed.channel(), event);
            gathered(cohort);
        });
        if (!feed.isStored()) {
            offerToLagging(feed, event);
        }
    }

    /** The feed could not go on from where it stood. */
    void reset(ChannelFeed feed, EventId newest) {
        feed.cohorts.forEach(cohort -> {
            cohort.reset(feed.channel(), newest);
            gathered(cohort);
        });
    }

    /** Events of a channel that is not stored were lost to all streams. */
    void lose(ChannelFeed feed) {
        feed.cohorts.forEach(cohort -> {
            cohort.lose(feed.channel());
            gathered(cohort);
        });
        feed.lagging.forEach(subscription -> subscription.lost.add(feed.channel()));
    }

    void flushAll() {
        for (Cohort cohort : List.copyOf(gathered)) {
            flush(cohort);
            dropIfEmpty(cohort);
        }
        gathered.clear();
    }

    private void gathered(Cohort cohort) {
        gathered.add(cohort);
        if (cohort.isFull()) {
            flush(cohort);
        }
    }

    private void flush(Cohort cohort) {
        Cohort.Flushed flushed = cohort.flush();
        delivered.mark(flushed.delivered());
        for (Subscription subscription : flushed.refused()) {
            overflows.mark();
            follow(subscription);
            subscription.lost.addAll(flushed.unstored());
            drain(subscription);
        }
    }

    /** An event that is not stored overtakes a stream's catch-up if the client can take it; else it is lost to it. */
    private void offerToLagging(ChannelFeed feed, EncodedEvent event) {
        ByteBuffer bytes = ByteBuffer.wrap(event.body());
        for (Subscription subscription : feed.lagging) {
            if (!Replay.isSkipped(event, subscription.reader)
                    && !subscription.sink().offer(bytes)) {
                subscription.lost.add(feed.channel());
            }
        }
    }

    private void follow(Subscription subscription) {
        subscription.channels.forEach(channel -> feeds.get(channel).lagging.add(subscription));
    }

    private void unfollow(Subscription subscription) {
        subscription.channels.forEach(channel -> feeds.get(channel).lagging.remove(subscription));
    }

    // ---- from behind to live

    /** Hands a stream what it misses of the recent tails and takes it into its cohort, or has it catch up from the log. */
    private void goLive(Subscription subscription) {
        if (subscription.state == State.ENDED) {
            return;
        }
        subscription.state = State.CATCHING_UP;
        Optional<Replay.Page> rest = restOfTails(subscription);
        if (rest.isEmpty()) {
            catchUp(subscription);
        } else if (take(subscription, rest.get())) {
            enterCohort(subscription);
        } else {
            drain(subscription);
        }
    }

    private Optional<Replay.Page> restOfTails(Subscription subscription) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LastEventId position = subscription.position;
        int events = 0;
        if (!subscription.lost.isEmpty()) {
            bytes.writeBytes(
                    EventStreamEncoder.encode(new StreamFrame.Reset(List.copyOf(subscription.lost), position)));
        }
        for (ChannelName channel : subscription.stored) {
            Optional<List<EncodedEvent>> recent =
                    feeds.get(channel).after(position.in(channel).orElse(EventId.NONE));
            if (recent.isEmpty() || bytes.size() > Cohort.FLUSH_BYTES) {
                return Optional.empty();
            }
            Replay.Page page = Replay.compose(
                    position, channel, recent.get(), subscription.reader, Integer.MAX_VALUE, Integer.MAX_VALUE);
            position = page.position();
            events += page.events();
            bytes.writeBytes(page.bytes());
        }
        return Optional.of(new Replay.Page(bytes.toByteArray(), position, events));
    }

    private boolean take(Subscription subscription, Replay.Page page) {
        if (!page.isEmpty() && !subscription.sink().offer(ByteBuffer.wrap(page.bytes()))) {
            return false;
        }
        subscription.position = page.position();
        delivered.mark(page.events());
        return true;
    }

    private void enterCohort(Subscription subscription) {
        Cohort existing = cohorts.get(subscription.channels);
        if (existing != null) {
            flush(existing);
        }
        Cohort cohort = cohorts.computeIfAbsent(subscription.channels, channels -> {
            Cohort created = new Cohort(channels, subscription.position);
            channels.forEach(channel -> feeds.get(channel).cohorts.add(created));
            return created;
        });
        unfollow(subscription);
        subscription.lost.clear();
        subscription.state = State.LIVE;
        cohort.join(subscription);
    }

    private void catchUp(Subscription subscription) {
        catchUps.mark();
        catchUpThreads.execute(() -> readPages(subscription), () -> goLive(subscription));
    }

    /** Runs on a catch-up thread, and owns the position of the stream while it does. */
    private void readPages(Subscription subscription) {
        feeds.newest(subscription.stored);
        for (int i = 0; i < PAGES_IN_A_ROW; i++) {
            Replay.Page page = replay.next(
                    subscription.position,
                    subscription.stored,
                    subscription.reader,
                    PAGE_EVENTS,
                    PAGE_BYTES,
                    Replay.Trust.TAILS);
            if (page.isEmpty()) {
                thread.put(() -> caughtUp(subscription));
                return;
            }
            if (!take(subscription, page)) {
                thread.put(() -> drain(subscription));
                return;
            }
        }
        thread.put(() -> goLive(subscription));
    }

    /** The log has no more for the stream; a feed that does not stand there yet must read it too. */
    private void caughtUp(Subscription subscription) {
        boolean waits = false;
        for (ChannelName channel : subscription.stored) {
            ChannelFeed feed = feeds.get(channel);
            if (feed.after(subscription.position.in(channel).orElse(EventId.NONE))
                    .isEmpty()) {
                catchUp.accept(feed);
                waits = true;
            }
        }
        if (waits) {
            thread.putLater(LOOK_AGAIN, () -> goLive(subscription));
        } else {
            goLive(subscription);
        }
    }

    private void drain(Subscription subscription) {
        if (subscription.state == State.ENDED) {
            return;
        }
        subscription.state = State.DRAINING;
        if (subscription.sink().canTake()) {
            goLive(subscription);
        }
    }

    /** The client has taken all that was pending. Any thread. */
    void drained(Subscription subscription) {
        thread.put(() -> {
            if (subscription.state == State.DRAINING) {
                goLive(subscription);
            }
        });
    }

    // ---- going

    /** The stream is over. Any thread; once. */
    void closed(Subscription subscription, CloseReason cause) {
        open.decrementAndGet();
        Counter counter = ended.get(cause);
        if (counter != null) {
            counter.inc();
        }
        LOGGER.debug("Stream of {} ended: {}", subscription.reader, cause.label());
        thread.put(() -> leave(subscription));
    }

    private void leave(Subscription subscription) {
        State before = subscription.state;
        subscription.state = State.ENDED;
        if (!subscriptions.remove(subscription)) {
            return;
        }
        if (before == State.LIVE) {
            Cohort cohort = cohorts.get(subscription.channels);
            if (cohort != null) {
                cohort.leave(subscription);
                dropIfEmpty(cohort);
            }
        }
        unfollow(subscription);
        subscription.channels.forEach(channel -> feeds.get(channel).left());
    }

    private void dropIfEmpty(Cohort cohort) {
        if (cohort.isEmpty()) {
            cohorts.remove(cohort.channels(), cohort);
            cohort.channels().forEach(channel -> feeds.get(channel).cohorts.remove(cohort));
        }
    }

    // ---- once in a while

    /** The streams of a user that have a channel. */
    List<Subscription> of(String user, ChannelName channel) {
        return subscriptions.stream()
                .filter(subscription -> subscription.reader.isUser(user) && subscription.channels.contains(channel))
                .toList();
    }

    void maintainAll() {
        long now = System.nanoTime();
        subscriptions.forEach(subscription -> subscription.sink().maintain(now));
    }
}
