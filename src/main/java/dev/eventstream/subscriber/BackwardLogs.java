package dev.eventstream.subscriber;

import com.codahale.metrics.Meter;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.store.ChannelLockedException;
import dev.eventstream.store.EventStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds logs that have gone back to an earlier state, and gives them a new epoch, which resets their readers. Otherwise, new events
 * with ids that were used before would be taken for old ones and never delivered.
 *
 * <p>Two signs show that a log has gone back: two looks in a row do not find an event that a feed had before the first of them; or an
 * announced event has the id of another event that a feed has. If as many new events as were lost are committed between two looks,
 * and none of them is announced to this node, neither sign appears.
 *
 * <p>Confined to the thread of the poll, except {@link #contradicted}.
 */
final class BackwardLogs {
    private static final Logger LOGGER = LoggerFactory.getLogger(BackwardLogs.class);

    private final EventStore store;
    private final FeedReader reader;
    private final Meter renewed;

    /** Feeds that were ahead of the log at the last look, with their positions at that time. */
    private final Map<ChannelName, EventId> suspects = new HashMap<>();

    /** Channels whose logs have certainly gone back, with their epochs at that time. */
    private final Map<ChannelName, String> contradicted = new ConcurrentHashMap<>();

    BackwardLogs(EventStore store, FeedReader reader, Meter renewed) {
        this.store = store;
        this.reader = reader;
        this.renewed = renewed;
    }

    /** Reports that an announced event contradicts an event of the feed. Thread-safe. */
    void contradicted(ChannelFeed feed) {
        feed.last().ifPresent(last -> contradicted.put(feed.channel(), last.epoch()));
    }

    boolean hasSuspects() {
        return !suspects.isEmpty() || !contradicted.isEmpty();
    }

    /** The channels, and those that must be looked at again. */
    Set<ChannelName> withSuspects(Collection<ChannelName> channels) {
        Set<ChannelName> all = new LinkedHashSet<>(channels);
        all.addAll(suspects.keySet());
        all.addAll(contradicted.keySet());
        return all;
    }

    /** Forgets a channel that has no feed. */
    void forget(ChannelName channel) {
        suspects.remove(channel);
        contradicted.remove(channel);
    }

    /**
     * Judges what a look has found.
     *
     * @param newest the end of the log
     */
    void judge(ChannelFeed feed, EventId newest) {
        EventId last = feed.last().orElse(EventId.NONE);
        EventId before = suspects.get(feed.channel());
        boolean isGone = before != null && before.epoch().equals(last.epoch()) && isBeyond(before, newest);
        boolean isContradicted = last.epoch().equals(contradicted.remove(feed.channel()));
        if (isGone || isContradicted) {
            renew(feed, last, newest);
        } else if (isBeyond(last, newest)) {
            suspects.put(feed.channel(), last);
        } else {
            suspects.remove(feed.channel());
        }
    }

    /** Whether the log does not reach a position of its own epoch, or is gone. */
    private static boolean isBeyond(EventId position, EventId end) {
        return position.sequence() > end.sequence()
                && (end.isNone() || end.epoch().equals(position.epoch()));
    }

    private void renew(ChannelFeed feed, EventId last, EventId newest) {
        try {
            store.renewEpoch(feed.channel(), last.epoch());
        } catch (ChannelLockedException e) {
            contradicted.put(feed.channel(), last.epoch());
            LOGGER.debug("channel=\"{}\" gets its new epoch with the next poll", feed.channel(), e);
            return;
        }
        LOGGER.error(
                "The log of channel=\"{}\" has gone back: this node had read it up to {}, and it now ends at {}, perhaps with other"
                        + " events. Events that were delivered are no longer in the database, for example because a replica without"
                        + " them has replaced it. The log gets a new epoch, and all readers of the channel are reset",
                feed.channel(),
                last,
                newest);
        renewed.mark();
        forget(feed.channel());
        reader.read(feed);
    }
}
