package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A shard's part of a channel: the position of its live streams, and its streams that are behind.
 *
 * <p>Confined to the shard's thread, except for two flags that other threads set.
 */
final class ShardChannel {
    private final ChannelName name;

    // any thread
    private final AtomicBoolean newsIsQueued = new AtomicBoolean();
    private final AtomicBoolean loss = new AtomicBoolean();

    /** Streams that read the channel here; guarded by the bin of the map that holds this. */
    private int streams;

    // shard's thread
    private EventId position = EventId.NONE;
    private int generation;
    private final Set<Subscription> behind = new LinkedHashSet<>(0);

    ShardChannel(ChannelName name) {
        this.name = name;
    }

    ChannelName name() {
        return name;
    }

    /** Whether the caller must queue the news that the feed has moved, because it is not queued yet. */
    boolean claimNews() {
        return newsIsQueued.compareAndSet(false, true);
    }

    void releaseNews() {
        newsIsQueued.set(false);
    }

    /** Reports that events were lost; returns whether this is the first report. */
    boolean reportLoss() {
        return loss.compareAndSet(false, true);
    }

    /** Whether events were lost since the last call. */
    boolean takeLoss() {
        return loss.get() && loss.getAndSet(false);
    }

    /** Counts one more stream. Only within a computation of the map. */
    void joined() {
        streams++;
    }

    /** Counts one stream less; returns whether it was the last one. Only within a computation of the map. */
    boolean left() {
        return --streams == 0;
    }

    /** The position of its live streams once the batch is handed out; without live streams it has no meaning. */
    EventId position() {
        return position;
    }

    /** The generation of the feed in which the position was reached. */
    int generation() {
        return generation;
    }

    void moveTo(EventId next) {
        position = next;
    }

    /** Follows the feed from a position, for the first live stream. */
    void follow(EventId from, int feedGeneration) {
        position = from;
        generation = feedGeneration;
    }

    /** Streams that are not live; kept only for an unstored channel. */
    Set<Subscription> behind() {
        return behind;
    }
}
