package dev.eventstream.subscriber;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.subscriber.Cohort.Left;
import dev.eventstream.subscriber.ShardChannels.Rest;
import dev.eventstream.subscriber.Subscription.Outcome;
import dev.eventstream.subscriber.Subscription.State;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The streams of a shard and their states: each waits, catches up, drains, is live, or has ended.
 *
 * <p>Confined to the shard's thread.
 */
final class ShardStreams {
    private final ShardChannels channels;
    private final LiveStreams live;
    private final Feeds feeds;
    private final FeedReader feedReader;
    private final CatchUpQueue catchUps;
    private final SlowStreams slow;
    private final MemoryBudget memory;
    private final StreamMetrics metrics;
    private final Ticker ticker;
    private final Consumer<Subscription> wake;

    private final JoinedStreams joined = new JoinedStreams();
    /** Streams that are ahead of a feed or of the live streams, until those follow. */
    private final Set<Subscription> ahead = new LinkedHashSet<>();

    /**
     * @param wake has the shard's thread attend to a stream, after the current call
     */
    ShardStreams(ShardChannels channels, LiveStreams live, ShardResources shared, Consumer<Subscription> wake) {
        this.channels = channels;
        this.live = live;
        this.feeds = shared.feeds();
        this.feedReader = shared.feedReader();
        this.catchUps = new CatchUpQueue(shared, wake);
        this.slow = new SlowStreams(shared.memory());
        this.memory = shared.memory();
        this.metrics = shared.metrics();
        this.ticker = shared.ticker();
        this.wake = wake;
    }

    /** Acts on what other threads have reported about a stream. */
    void attend(Subscription subscription) {
        subscription.releaseWakeUp();
        Farewell.ifThrown(subscription.sink(), () -> {
            Optional<Outcome> outcome = subscription.takeOutcome();
            if (outcome.isPresent()) {
                catchUps.ended(subscription);
            }
            if (subscription.isClosed()) {
                leave(subscription);
            } else if (subscription.state() == State.NEW) {
                join(subscription);
            } else if (outcome.isPresent()) {
                caughtUp(subscription, outcome.get());
            } else if (subscription.takeDrained() && subscription.state() == State.DRAINING) {
                goLive(subscription);
            }
        });
    }

    /** The streams that have joined and not ended. */
    JoinedStreams joined() {
        return joined;
    }

    /** What a stream is doing now. */
    StreamInfo describe(Subscription subscription) {
        return StreamInfo.of(subscription, live.position(subscription), ticker.read());
    }

    /** Adds what a channel's feed has to the batch; returns whether the feed has more. */
    boolean pull(ChannelName channel) {
        List<Left> left = new ArrayList<>(0);
        boolean hasMore = channels.pull(channel, left);
        handle(left);
        return hasMore;
    }

    /** Tries again to let the streams that were ahead go live. */
    void retryAhead() {
        List<Subscription> retried = List.copyOf(ahead);
        ahead.clear();
        retried.forEach(subscription -> Farewell.ifThrown(subscription.sink(), () -> goLive(subscription)));
    }

    /** Hands out the batch, and starts the catch-ups for which there are turns and memory. */
    void flush() {
        handle(live.flush());
        catchUps.startTasks();
    }

    /** Tells clients their positions if their streams have reached them with events that they do not show. */
    void tellPositions() {
        handle(live.tellPositions());
    }

    /** Has each sink maintain itself, ends the slowest streams if memory is short, and finds reports whose wake-up was lost. */
    void tick() {
        long now = ticker.read();
        for (Subscription subscription : List.copyOf(joined.all())) {
            subscription.sink().maintain(now);
            if (subscription.hasReport()) {
                attend(subscription);
            } else if (subscription.state() == State.WAITING && !isWaitingSomewhere(subscription)) {
                catchUps.add(subscription);
            }
        }
        catchUps.reported().forEach(this::attend);
        slow.endSlowest(joined.all(), now);
        retryAhead();
    }

    /** Has the streams catch up that failed or found no memory before. */
    void retryDelayed() {
        catchUps.retryDelayed();
    }

    // ---- from behind to live

    private void join(Subscription subscription) {
        joined.add(subscription);
        channels.join(subscription);
        goLive(subscription);
    }

    /** Hands a stream the recent events that it lacks and adds it to its cohort, or has it catch up. */
    private void goLive(Subscription subscription) {
        subscription.enter(State.WAITING);
        subscription.stored().forEach(this::pull);
        Rest rest = channels.rest(subscription);
        if (rest instanceof Rest.Frames frames) {
            goLive(subscription, frames);
        } else if (rest instanceof Rest.Ahead) {
            ahead.add(subscription);
        } else {
            channels.tellLosses(subscription);
            catchUps.add(subscription);
        }
    }

    private void goLive(Subscription subscription, Rest.Frames rest) {
        if (rest.bytes().length > 0) {
            Optional<SharedBytes> bytes = SharedBytes.reserve(rest.bytes(), memory);
            if (bytes.isEmpty()) {
                catchUps.delay(subscription);
                return;
            }
            boolean taken = subscription.sink().offer(bytes.get());
            bytes.get().release();
            if (!taken) {
                drain(subscription);
                return;
            }
        }
        subscription.moveTo(rest.position());
        subscription.lossesTold();
        subscription.leaveAhead(false);
        metrics.delivered(rest.events());
        if (channels.areFinished(subscription)) {
            subscription.enter(State.DRAINING);
            Farewell.finished(subscription);
            return;
        }
        metrics.live(subscription.behindSinceNanos());
        handle(channels.enter(subscription, rest));
    }

    private void caughtUp(Subscription subscription, Outcome outcome) {
        subscription.enter(State.WAITING);
        switch (outcome) {
            case CAUGHT_UP -> {
                if (isAheadOfAFeed(subscription)) {
                    ahead.add(subscription);
                } else {
                    goLive(subscription);
                }
            }
            case MORE -> goLive(subscription);
            case REFUSED -> drain(subscription);
            case NO_MEMORY, UNREADABLE -> catchUps.delay(subscription);
            case FAILED -> Farewell.internalError(subscription.sink());
        }
    }

    /** The log has nothing more for the stream. A feed that is behind the stream must read the log, too. */
    private boolean isAheadOfAFeed(Subscription subscription) {
        boolean isAhead = false;
        for (ChannelName channel : subscription.stored()) {
            ChannelFeed feed = feeds.get(channel);
            EventId position = subscription.position().in(channel).orElse(EventId.NONE);
            if (feed.after(position, 1).isEmpty()) {
                feedReader.read(feed);
                isAhead = true;
            }
        }
        return isAhead;
    }

    private void drain(Subscription subscription) {
        subscription.enter(State.DRAINING);
        if (subscription.sink().canTake()) {
            subscription.reportDrained();
            wake.accept(subscription);
        }
    }

    private void handle(List<Left> left) {
        for (Left stream : left) {
            Subscription subscription = stream.subscription();
            channels.fallBehind(subscription);
            subscription.fellBehind(ticker.read());
            switch (stream.cause()) {
                case FULL -> {
                    metrics.overflowed();
                    drain(subscription);
                }
                case CHANNEL_FINISHED -> goLive(subscription);
                case NO_MEMORY -> catchUps.add(subscription);
                case FAILED -> Farewell.internalError(subscription.sink());
            }
        }
    }

    // ---- the end

    private void leave(Subscription subscription) {
        if (subscription.state() == State.ENDED) {
            return;
        }
        if (subscription.state() == State.LIVE) {
            live.leave(subscription);
        }
        subscription.enter(State.ENDED);
        joined.remove(subscription);
        catchUps.remove(subscription);
        ahead.remove(subscription);
        channels.leave(subscription);
    }

    private boolean isWaitingSomewhere(Subscription subscription) {
        return catchUps.contains(subscription) || ahead.contains(subscription);
    }
}
