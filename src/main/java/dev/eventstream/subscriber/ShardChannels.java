package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.subscriber.Cohort.Left;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A shard's half of the channels that its streams read, and how its live streams follow the feeds.
 *
 * <p>Confined to the shard's thread, but for {@link #find} and {@link #expect}, which any thread may call.
 */
final class ShardChannels {
    /** Events of one channel that are taken from its feed at once, so that one channel cannot keep the thread for long. */
    static final int MAX_PULL = 128;

    private final Map<ChannelName, ShardChannel> channels = new ConcurrentHashMap<>();
    private final Feeds feeds;
    private final LiveStreams live;
    private final MemoryBudget memory;

    ShardChannels(Feeds feeds, LiveStreams live, MemoryBudget memory) {
        this.feeds = feeds;
        this.live = live;
        this.memory = memory;
    }

    /** What a stream lacks to stand where its channels stand in this shard. */
    sealed interface Rest {
        /** These frames, after which it can go live. */
        record Frames(byte[] bytes, LastEventId position, int events, Map<ChannelName, Integer> generations)
                implements Rest {}

        /** More than the recent events have, or more than this thread should compose. */
        record TooMuch() implements Rest {}

        /** It has read on further in the log than the live streams have come; they will follow. */
        record Ahead() implements Rest {}
    }

    /** The shard's half of a channel, if a stream here reads it. Any thread. */
    Optional<ShardChannel> find(ChannelName channel) {
        return Optional.ofNullable(channels.get(channel));
    }

    Collection<ShardChannel> all() {
        return channels.values();
    }

    /**
     * Makes the channels of a stream visible that is about to join, so that what is passed on from now on is not lost to it. Any
     * thread; each call needs one of {@link #leave}.
     */
    void expect(Subscription subscription) {
        for (ChannelName name : subscription.channels()) {
            channels.compute(name, (key, existing) -> {
                ShardChannel channel = existing == null ? new ShardChannel(key) : existing;
                channel.joined();
                return channel;
            });
        }
    }

    /** Takes in a stream that was expected. */
    void join(Subscription subscription) {
        fallBehind(subscription);
    }

    /** Removes a stream that is over, whether it has joined or was only expected. */
    void leave(Subscription subscription) {
        for (ChannelName name : subscription.channels()) {
            channels.computeIfPresent(name, (key, channel) -> {
                channel.behind().remove(subscription);
                return channel.left() ? null : channel;
            });
        }
    }

    /** The stream is not live any more: events that are not stored reach it one by one. */
    void fallBehind(Subscription subscription) {
        unstored(subscription).forEach(channel -> channel.behind().add(subscription));
    }

    /** The stream is live. */
    void catchUp(Subscription subscription) {
        unstored(subscription).forEach(channel -> channel.behind().remove(subscription));
    }

    /**
     * Gathers what a stored channel's feed has for live streams.
     *
     * @param left gets the streams that had to leave their cohorts
     * @return whether the feed has more
     */
    boolean pull(ChannelName name, List<Left> left) {
        if (!live.read(name) || !feeds.isStored(name)) {
            return false;
        }
        ChannelFeed feed = feeds.get(name);
        ShardChannel channel = at(name);
        Optional<ChannelFeed.Recent> recent = feed.after(channel.position(), channel.generation(), MAX_PULL);
        if (recent.isEmpty()) {
            left.addAll(live.dissolve(name));
            return false;
        }
        for (EncodedEvent event : recent.get().events()) {
            live.gather(name, event);
            channel.moveTo(event.id());
            if (live.isFull()) {
                left.addAll(live.flush());
            }
        }
        return recent.get().events().size() == MAX_PULL;
    }

    /** Passes on an event of a channel that is not stored. */
    void pass(ShardChannel channel, EncodedEvent event) {
        live.gather(channel.name(), event);
        if (channel.behind().isEmpty()) {
            return;
        }
        // it overtakes the catch-up of a stream whose client can take it; else it is lost to that stream
        Optional<SharedBytes> bytes = SharedBytes.reserve(event.body(), memory);
        for (Subscription subscription : channel.behind()) {
            if (!event.isHiddenFrom(subscription.reader())
                    && !(bytes.isPresent() && subscription.sink().offer(bytes.get()))) {
                subscription.lose(Set.of(channel.name()));
            }
        }
        bytes.ifPresent(SharedBytes::release);
    }

    /** Events of a channel that is not stored were lost to all streams. */
    void lose(ShardChannel channel) {
        live.gatherLoss(channel.name());
        channel.behind().forEach(subscription -> subscription.lose(Set.of(channel.name())));
    }

    /** What the stream lacks, once {@link #pull} has brought its channels up to their feeds. */
    Rest rest(Subscription subscription) {
        FrameWriter frames = new FrameWriter(subscription.position());
        if (!subscription.lost().isEmpty()) {
            frames.lost(subscription.lost());
        }
        Map<ChannelName, Integer> generations = new HashMap<>();
        int shown = 0;
        for (ChannelName name : subscription.stored()) {
            EventId from = subscription.position().in(name).orElse(EventId.NONE);
            Optional<ChannelFeed.Recent> recent = feeds.get(name).after(from, MAX_PULL);
            if (recent.isEmpty()) {
                return new Rest.TooMuch();
            }
            List<EncodedEvent> events = recent.get().events();
            if (live.read(name)) {
                ShardChannel channel = at(name);
                if (recent.get().generation() != channel.generation()) {
                    return new Rest.TooMuch();
                }
                events = upTo(channel.position(), events);
                EventId end =
                        events.isEmpty() ? from : events.get(events.size() - 1).id();
                if (!end.equals(channel.position())) {
                    return end.sequence() > channel.position().sequence() ? new Rest.Ahead() : new Rest.TooMuch();
                }
            }
            generations.put(name, recent.get().generation());
            for (EncodedEvent event : events) {
                boolean hidden = event.isHiddenFrom(subscription.reader());
                frames.stored(name, event, hidden);
                shown += hidden ? 0 : 1;
                if (frames.size() > MemoryBudget.MAX_CHUNK) {
                    return new Rest.TooMuch();
                }
            }
        }
        return new Rest.Frames(frames.bytes(), frames.position(), shown, generations);
    }

    /** Takes a stream that has got the {@link Rest.Frames} into its cohort; returns the streams that left it meanwhile. */
    List<Left> enter(Subscription subscription, Rest.Frames rest) {
        rest.generations().forEach((name, generation) -> {
            if (!live.read(name)) {
                at(name).follow(subscription.position().in(name).orElse(EventId.NONE), generation);
            }
        });
        catchUp(subscription);
        return live.enter(subscription);
    }

    private static List<EncodedEvent> upTo(EventId position, List<EncodedEvent> events) {
        return events.stream()
                .filter(event -> event.id().sequence() <= position.sequence())
                .toList();
    }

    private ShardChannel at(ChannelName name) {
        return channels.computeIfAbsent(name, ShardChannel::new);
    }

    private List<ShardChannel> unstored(Subscription subscription) {
        if (subscription.stored().size() == subscription.channels().size()) {
            return List.of();
        }
        List<ShardChannel> unstored = new ArrayList<>();
        for (ChannelName name : subscription.channels()) {
            if (!subscription.stored().contains(name)) {
                unstored.add(at(name));
            }
        }
        return unstored;
    }
}
