package dev.eventstream.subscriber;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.subscriber.Cohort.Left;
import dev.eventstream.subscriber.ShardChannels.Rest;
import dev.eventstream.subscriber.Subscription.Outcome;
import dev.eventstream.subscriber.Subscription.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of a shard and what each of them does: wait, catch up, drain, be live, end.
 *
 * <p>Confined to the shard's thread.
 */
final class ShardStreams {
    private static final Logger LOGGER = LoggerFactory.getLogger(ShardStreams.class);

    /** A stream is among the slowest only if its client has read nothing for that long. */
    private static final Duration SLOW = Duration.ofSeconds(1);

    private static final int FEWEST_TO_END = 8;

    private final ShardChannels channels;
    private final LiveStreams live;
    private final Feeds feeds;
    private final FeedReader feedReader;
    private final StreamCatchUp catchUp;
    private final MemoryBudget memory;
    private final StreamMetrics metrics;
    private final Ticker ticker;
    private final int maxCatchUps;
    private final Consumer<Subscription> wake;

    private final Set<Subscription> subscriptions = new LinkedHashSet<>();
    /** Streams that catch up when it is their turn. */
    private final Set<Subscription> queue = new LinkedHashSet<>();
    /** Streams that are ahead of a feed or of the live streams, until these move. */
    private final Set<Subscription> ahead = new LinkedHashSet<>();
    /** Streams whose catch-up found no memory or no database, until the next retry. */
    private final Set<Subscription> delayed = new LinkedHashSet<>();
    /** Streams with a catch-up task; those that are over included. */
    private final Set<Subscription> running = new LinkedHashSet<>();

    /**
     * @param wake has a stream attended to again, on the shard's thread but not within the call
     */
    ShardStreams(ShardChannels channels, LiveStreams live, ShardResources shared, Consumer<Subscription> wake) {
        this.channels = channels;
        this.live = live;
        this.feeds = shared.feeds();
        this.feedReader = shared.feedReader();
        this.catchUp = shared.catchUp();
        this.memory = shared.memory();
        this.metrics = shared.metrics();
        this.ticker = shared.ticker();
        this.maxCatchUps = shared.maxCatchUps();
        this.wake = wake;
    }

    /** Acts on what other threads have reported of a stream. */
    void attend(Subscription subscription) {
        subscription.releaseWakeUp();
        safely(subscription, () -> {
            Optional<Outcome> outcome = subscription.takeOutcome();
            if (outcome.isPresent()) {
                running.remove(subscription);
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

    /** The streams of a user that have a channel. */
    List<Subscription> of(String user, ChannelName channel) {
        return subscriptions.stream()
                .filter(subscription -> subscription.reader().isUser(user)
                        && subscription.channels().contains(channel))
                .toList();
    }

    /** Gathers what a channel's feed has; whether it has more. */
    boolean pull(ChannelName channel) {
        List<Left> left = new ArrayList<>(0);
        boolean hasMore = channels.pull(channel, left);
        handle(left);
        return hasMore;
    }

    /** Tries again to take in the streams that were ahead. */
    void retryAhead() {
        for (Subscription subscription : takeAll(ahead)) {
            safely(subscription, () -> goLive(subscription));
        }
    }

    /** Hands out what has gathered, and starts catch-ups as far as there are turns and memory. */
    void flush() {
        handle(live.flush());
        while (running.size() < maxCatchUps && !queue.isEmpty() && memory.hasRoom()) {
            Iterator<Subscription> first = queue.iterator();
            Subscription next = first.next();
            first.remove();
            if (next.state() == State.WAITING) {
                safely(next, () -> start(next));
            }
        }
    }

    /** Has each sink look after itself, ends the slowest streams if memory is short, and finds reports whose wake-up was lost. */
    void tick() {
        long now = ticker.read();
        for (Subscription subscription : List.copyOf(subscriptions)) {
            subscription.sink().maintain(now);
            if (subscription.hasReport()) {
                attend(subscription);
            } else if (subscription.state() == State.WAITING && !isWaitingSomewhere(subscription)) {
                queue.add(subscription);
            }
        }
        List.copyOf(running).stream().filter(Subscription::hasReport).forEach(this::attend);
        if (!memory.hasRoom()) {
            endSlowest(now);
        }
        retryAhead();
    }

    /** Tries again what failed or found no memory. */
    void retryDelayed() {
        queue.addAll(takeAll(delayed));
    }

    // ---- from behind to live

    private void join(Subscription subscription) {
        subscriptions.add(subscription);
        channels.join(subscription);
        goLive(subscription);
    }

    /** Hands a stream the recent events that it lacks and takes it into its cohort, or has it catch up. */
    private void goLive(Subscription subscription) {
        if (subscription.state() == State.ENDED) {
            return;
        }
        subscription.enter(State.WAITING);
        subscription.stored().forEach(this::pull);
        Rest rest = channels.rest(subscription);
        if (rest instanceof Rest.Frames frames) {
            goLive(subscription, frames);
        } else if (rest instanceof Rest.Ahead) {
            ahead.add(subscription);
        } else {
            queue.add(subscription);
        }
    }

    private void goLive(Subscription subscription, Rest.Frames rest) {
        if (rest.bytes().length > 0) {
            Optional<SharedBytes> bytes = SharedBytes.reserve(rest.bytes(), memory);
            if (bytes.isEmpty()) {
                delayed.add(subscription);
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
        metrics.delivered(rest.events());
        handle(channels.enter(subscription, rest));
    }

    private void start(Subscription subscription) {
        subscription.enter(State.CATCHING_UP);
        running.add(subscription);
        try {
            catchUp.start(subscription, () -> wake.accept(subscription));
        } catch (RejectedExecutionException e) {
            running.remove(subscription);
            LOGGER.debug("This node is shutting down; a stream does not catch up", e);
        } catch (Throwable e) {
            running.remove(subscription);
            throw e;
        }
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
            case NO_MEMORY, UNREADABLE -> delayed.add(subscription);
            case FAILED -> Farewell.internalError(subscription.sink());
        }
    }

    /** The log has nothing more for the stream; a feed that does not stand there yet must read it too. */
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
            switch (stream.cause()) {
                case FULL -> {
                    metrics.overflowed();
                    drain(subscription);
                }
                case NO_MEMORY -> queue.add(subscription);
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
        subscriptions.remove(subscription);
        queue.remove(subscription);
        ahead.remove(subscription);
        delayed.remove(subscription);
        channels.leave(subscription);
    }

    private void endSlowest(long now) {
        List<Subscription> slow = subscriptions.stream()
                .filter(subscription -> subscription.sink().waitingNanos(now) > SLOW.toNanos())
                .sorted(Comparator.comparingLong(
                        (Subscription subscription) -> -subscription.sink().waitingNanos(now)))
                .toList();
        int ending = Math.min(slow.size(), Math.max(FEWEST_TO_END, slow.size() / FEWEST_TO_END));
        if (ending > 0) {
            LOGGER.warn(
                    "{} of {} bytes for waiting events are in use (eventStream.memory); the slowest {} of {} streams that"
                            + " read nothing end",
                    memory.used(),
                    memory.limit(),
                    ending,
                    slow.size());
        }
        slow.subList(0, ending).forEach(subscription -> subscription.sink().abort(CloseReason.OVERLOADED));
    }

    // ---- safety

    private boolean isWaitingSomewhere(Subscription subscription) {
        return queue.contains(subscription) || ahead.contains(subscription) || delayed.contains(subscription);
    }

    private void safely(Subscription subscription, Runnable task) {
        try {
            task.run();
        } catch (Throwable e) { // the stream must not stay open in silence
            Farewell.internalError(subscription.sink());
            throw e;
        }
    }

    private static List<Subscription> takeAll(Set<Subscription> set) {
        List<Subscription> all = List.copyOf(set);
        set.clear();
        return all;
    }
}
