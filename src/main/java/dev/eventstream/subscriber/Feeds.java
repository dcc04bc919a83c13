package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.LogEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The feeds of all stored channels that are read on this node, or were read during the last minute, and, for a few seconds, of those
 * that a request has asked for.
 *
 * <p>Thread-safe.
 */
final class Feeds {
    /** How long a reader waits for another reader's first load of a channel. */
    static final int LOAD_TIMEOUT_SECONDS = 30;

    /** How long a feed is kept after its last reader. */
    private static final Duration KEEP_UNUSED = Duration.ofSeconds(60);

    /** How long a feed is kept for a stream that never begins, so that requests alone cause no lasting work. */
    private static final Duration KEEP_UNREAD = Duration.ofSeconds(5);

    private final Map<ChannelName, ChannelFeed> feeds = new ConcurrentHashMap<>();
    private final Map<ChannelName, Long> unusedSinceNanos = new ConcurrentHashMap<>();
    /** Channels that a stream has read since their feed was made. */
    private final Set<ChannelName> read = ConcurrentHashMap.newKeySet();

    private final EventStore store;
    private final StoredChannels stored;
    private final Consumer<ChannelFeed> behind;

    /**
     * @param behind called with a feed that may have missed an announcement while it was being loaded
     */
    Feeds(EventStore store, StoredChannels stored, Consumer<ChannelFeed> behind) {
        this.store = store;
        this.stored = stored;
        this.behind = behind;
    }

    Optional<ChannelFeed> find(ChannelName channel) {
        return Optional.ofNullable(feeds.get(channel));
    }

    /** The feed of a stored channel, made if there is none. */
    ChannelFeed get(ChannelName channel) {
        return feeds.computeIfAbsent(channel, ChannelFeed::new);
    }

    /** The channels that have a feed now. */
    List<ChannelName> channels() {
        return List.copyOf(feeds.keySet());
    }

    /** How many feeds there are. */
    int size() {
        return feeds.size();
    }

    /** How many feeds there would be if these channels were read, too. */
    int sizeWith(Collection<ChannelName> channels) {
        return feeds.size()
                + (int) channels.stream()
                        .filter(channel -> isStored(channel) && !feeds.containsKey(channel))
                        .count();
    }

    /**
     * Forgets feeds that have not been read for a while.
     *
     * @param isRead whether a channel is read now. Must be true of a reader's channels before that reader calls {@link #get}
     */
    void forgetUnused(Predicate<ChannelName> isRead, long nowNanos) {
        for (ChannelName channel : feeds.keySet()) {
            if (isRead.test(channel)) {
                unusedSinceNanos.remove(channel);
                read.add(channel);
            } else if (nowNanos - unusedSinceNanos.computeIfAbsent(channel, unused -> nowNanos)
                    > keepUnused(channel).toNanos()) {
                unusedSinceNanos.remove(channel);
                read.remove(channel);
                feeds.computeIfPresent(channel, (name, feed) -> isRead.test(name) ? feed : null);
            }
        }
    }

    private Duration keepUnused(ChannelName channel) {
        return read.contains(channel) ? KEEP_UNUSED : KEEP_UNREAD;
    }

    boolean isStored(ChannelName channel) {
        return stored.isStored(channel);
    }

    /** Whether readers of the channel skip to its newest event. */
    boolean isLatest(ChannelName channel) {
        return stored.isLatest(channel);
    }

    /**
     * The newest positions of stored channels. Feeds that are not loaded are loaded with one query, unless another thread is already
     * loading them.
     */
    Map<ChannelName, EventId> newest(Collection<ChannelName> channels) {
        Map<ChannelName, EventId> newest = new HashMap<>();
        List<ChannelFeed> unloaded = new ArrayList<>();
        for (ChannelName channel : channels) {
            ChannelFeed feed = get(channel);
            feed.last().ifPresentOrElse(last -> newest.put(channel, last), () -> unloaded.add(feed));
        }
        if (!unloaded.isEmpty()) {
            newest.putAll(load(unloaded));
        }
        return newest;
    }

    private Map<ChannelName, EventId> load(List<ChannelFeed> unloaded) {
        Map<ChannelFeed, CompletableFuture<EventId>> claimed = new LinkedHashMap<>();
        unloaded.forEach(feed -> feed.claimLoad().ifPresent(load -> claimed.put(feed, load)));
        if (!claimed.isEmpty()) {
            loadClaimed(claimed);
        }
        Map<ChannelName, EventId> loaded = new HashMap<>();
        unloaded.forEach(feed -> loaded.put(feed.channel(), await(feed.load())));
        return loaded;
    }

    private void loadClaimed(Map<ChannelFeed, CompletableFuture<EventId>> claimed) {
        try {
            Map<ChannelName, LogEnd> ends = store.ends(
                    claimed.keySet().stream().map(ChannelFeed::channel).toList());
            claimed.forEach((feed, load) -> {
                LogEnd end = ends.getOrDefault(feed.channel(), LogEnd.open(EventId.NONE));
                if (feed.loaded(end)) {
                    behind.accept(feed);
                }
                load.complete(end.newest());
            });
        } catch (Throwable e) { // an Error, too: other readers wait for the load
            claimed.forEach((feed, load) -> {
                load.completeExceptionally(e);
                feed.abandonLoad();
            });
            throw e;
        }
    }

    private static EventId await(CompletableFuture<EventId> load) {
        try {
            return load.orTimeout(LOAD_TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new EventStoreException("the newest position of a channel could not be read", e);
        }
    }
}
