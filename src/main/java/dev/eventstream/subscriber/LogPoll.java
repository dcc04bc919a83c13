package dev.eventstream.subscriber;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.loop.Trouble;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the log how far it reaches, and makes the feeds that are behind read it. This finds events that are never announced, and
 * those whose announcement was lost on the bus or on this node. It also finds logs that have gone back; see {@link BackwardLogs}.
 *
 * <p>Up to {@value #MAX_NAMES} channels are looked at by name, with one query. If there are more, one query finds those with recent
 * events, whatever their number, and each channel is also looked at by name once every {@value #ROUND_SECONDS} s. That finds what the
 * query misses: events that were committed more than {@value #OVERLAP_SECONDS} s after they were sent, or that were sent by a node
 * whose clock is that much behind.
 *
 * <p>Confined to the thread that runs it, except {@link #soon} and {@link #doubt}.
 */
public final class LogPoll implements Runnable {
    static final int MAX_NAMES = 500;
    static final int OVERLAP_SECONDS = 5;
    static final int ROUND_SECONDS = 30;

    private static final Logger LOGGER = LoggerFactory.getLogger(LogPoll.class);
    private static final Duration OVERLAP = Duration.ofSeconds(OVERLAP_SECONDS);
    private static final long ROUND_NANOS = Duration.ofSeconds(ROUND_SECONDS).toNanos();

    private final EventStore store;
    private final Feeds feeds;
    private final FeedReader reader;
    private final BackwardLogs backward;
    private final Clock clock;
    private final Ticker ticker;
    private final long intervalNanos;
    private final AtomicBoolean isDue = new AtomicBoolean(true);

    // the thread only
    private final Trouble failing = new Trouble();
    private final LookRound round = new LookRound(ROUND_NANOS);
    private long polledAtNanos;
    private long succeededAtNanos;

    /**
     * @param clock tells the time by which senders stamp their events
     * @param interval how often to poll
     * @param metrics counts the logs that had gone back
     */
    LogPoll(
            EventStore store,
            Feeds feeds,
            FeedReader reader,
            Clock clock,
            Ticker ticker,
            Duration interval,
            MetricRegistry metrics) {
        this.store = store;
        this.feeds = feeds;
        this.reader = reader;
        this.backward = new BackwardLogs(store, reader, metrics.meter("eventstream.log.gone-back"));
        this.clock = clock;
        this.ticker = ticker;
        this.intervalNanos = interval.toNanos();
        this.polledAtNanos = ticker.read();
        this.succeededAtNanos = polledAtNanos - ROUND_NANOS;
    }

    /** Makes the next run poll, even if the interval has not passed yet. Thread-safe. */
    public void soon() {
        isDue.set(true);
    }

    /** Reports that an announced event contradicts an event that the feed has. Thread-safe. */
    void doubt(ChannelFeed feed) {
        backward.contradicted(feed);
        soon();
    }

    /** Polls if a poll is due. */
    @Override
    public void run() {
        long now = ticker.read();
        if (isDue.getAndSet(false) || now - polledAtNanos >= intervalNanos) {
            polledAtNanos = now;
            poll(now);
        }
    }

    private void poll(long now) {
        try {
            Collection<ChannelName> channels = feeds.channels();
            if (!channels.isEmpty()) {
                look(channels, now - succeededAtNanos);
                if (backward.hasSuspects()) {
                    soon();
                }
            }
            succeededAtNanos = now;
            succeeded();
        } catch (EventStoreException e) {
            failed(e);
        }
    }

    private void look(Collection<ChannelName> channels, long sinceNanos) {
        Optional<Map<ChannelName, EventId>> recent = channels.size() <= MAX_NAMES || sinceNanos >= ROUND_NANOS
                ? Optional.empty()
                : store.newestSince(clock.instant().minusNanos(sinceNanos).minus(OVERLAP));
        recent.ifPresent(newest -> newest.forEach(this::readIfBehind));
        Collection<ChannelName> byName = recent.isEmpty() ? channels : round.next(channels, MAX_NAMES, sinceNanos);
        store.newest(backward.withSuspects(byName)).forEach(this::judge);
    }

    private void readIfBehind(ChannelName channel, EventId newest) {
        feeds.find(channel).filter(feed -> feed.isBehind(newest)).ifPresent(reader::read);
    }

    private void judge(ChannelName channel, EventId newest) {
        readIfBehind(channel, newest);
        feeds.find(channel).ifPresentOrElse(feed -> backward.judge(feed, newest), () -> backward.forget(channel));
    }

    private void succeeded() {
        if (failing.ends()) {
            LOGGER.info("The event log can be read again; events of other nodes arrive");
        }
    }

    private void failed(EventStoreException failure) {
        if (failing.begins()) {
            LOGGER.warn(
                    "The event log cannot be read; events of other nodes are delayed until it can: {}",
                    failure.getMessage());
        }
        LOGGER.debug("The event log cannot be read", failure);
    }
}
