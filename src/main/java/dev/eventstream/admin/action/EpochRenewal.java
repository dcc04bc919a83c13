package dev.eventstream.admin.action;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventStore;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Gives the log of a channel a new epoch, and tells everybody who follows it.
 *
 * <p>Thread-safe. Blocks while the database works.
 */
final class EpochRenewal {
    private final EventStore store;
    private final BiConsumer<ChannelName, EventId> moved;

    /** @param moved reports the new position of a channel to this node, the others and the proxies */
    EpochRenewal(EventStore store, BiConsumer<ChannelName, EventId> moved) {
        this.store = store;
        this.moved = moved;
    }

    /**
     * Renews the epoch.
     *
     * @return what has happened, as a clause
     * @throws ActionFailedException if the channel still has its epoch
     */
    String renew(ChannelName channel) {
        EventId before = newest(channel);
        if (before.isNone()) {
            return "the channel has no log";
        }
        store.renewEpoch(channel, before.epoch());
        EventId after = newest(channel);
        if (after.epoch().equals(before.epoch())) {
            throw new ActionFailedException("the store has not renewed the epoch " + before.epoch());
        }
        moved.accept(channel, after);
        return "the epoch is " + after.epoch() + " instead of " + before.epoch();
    }

    private EventId newest(ChannelName channel) {
        return store.newest(List.of(channel)).getOrDefault(channel, EventId.NONE);
    }
}
