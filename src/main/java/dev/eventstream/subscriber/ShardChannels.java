package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.subscriber.Cohort.Cause;
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
 * A shard's part of the channels that its streams read. Its live streams follow the feeds here.
 *
 * <p>Confined to the shard's thread, except for {@link #find} and {@link #expect}, which any thread may call.
 */
final class ShardChannels {
    /** Most events taken from a feed at once, so that one channel cannot occupy the thread for long. */
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

    /** What a stream needs to reach the position of its channels in this shard. */
    sealed interface Rest {
        /** These frames; after them it can go live. */
        record Frames(byte[] bytes, LastEventId position, int events, Map<ChannelName, Integer> generations)
                implements Rest {}

        /** More than the feeds have, or more than this thread should compose. */
        record TooMuch() implements Rest {}

        /** Nothing: it has read further in the log than the live streams, which will follow. */
        record Ahead() implements Rest {}
    }

    /** The shard's part of a channel, if a stream here reads it. Any thread. */
    Optional<ShardChannel> find(ChannelName channel) {
        return Optional.ofNullable(channels.get(channel));
    }

    Collection<ShardChannel> all() {
        return channels.values();
    }

    /**
     * Makes the channels of a stream that is about to join visible, so that it does not lose what is passed on from now on. Any
     * thread. Each call needs a call of {@link #leave}.
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

    /** Adds a stream that was expected. */
    void join(Subscription subscription) {
        fallBehind(subscription);
    }

    /** Removes a stream that has ended, whether it had joined or was only expected. */
    void leave(Subscription subscription) {
        for (ChannelName name : subscription.channels()) {
            channels.computeIfPresent(name, (key, channel) -> {
                channel.behind().remove(subscription);
                return channel.left() ? null : channel;
            });
        }
    }

    /** The stream is no longer live: unstored events reach it one by one. */
    void fallBehind(Subscription subscription) {
        unstored(subscription).forEach(channel -> channel.behind().add(subscription));
    }

    /** The stream is live. */
    void catchUp(Subscription subscription) {
        unstored(subscription).forEach(channel -> channel.behind().remove(subscription));
    }

    /**
     * Adds what a stored channel's feed has to the batch for live streams.
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
            left.addAll(live.dissolve(name, Cause.NO_MEMORY));
            return false;
        }
        boolean isFinished = false;
        for (EncodedEvent event : recent.get().events()) {
            live.gather(name, event);
            channel.moveTo(event.id());
            isFinished |= event.isEnd();
            if (live.isFull()) {
                left.addAll(live.flush());
            }
        }
        if (isFinished) {
            left.addAll(live.dissolve(name, Cause.CHANNEL_FINISHED));
        }
        return recent.get().events().size() == MAX_PULL;
    }

    /** Passes on an event of an unstored channel. */
    void pass(ShardChannel channel, EncodedEvent event) {
        live.gather(channel.name(), event);
        if (channel.behind().isEmpty()) {
            return;
        }
        // it overtakes the catch-up of a stream that can take it, and is lost to any other
        Optional<SharedBytes> bytes = SharedBytes.reserve(event.body(), memory);
        for (Subscription subscription : channel.behind()) {
            if (subscription.shows(event)
                    && !(bytes.isPresent()
                            && tellLosses(subscription)
                            && subscription.sink().offer(bytes.get()))) {
                subscription.lose(Set.of(channel.name()));
            }
        }
        bytes.ifPresent(SharedBytes::release);
    }

    /**
     * Tells a stream that is behind of which unstored channels it has lost events, so that it hears of them before later ones, and even if
     * it never catches up. The reset has no position, because the catch-up may have moved past the one that this thread knows.
     *
     * @return whether no losses are left to be told
     */
    boolean tellLosses(Subscription subscription) {
        List<ChannelName> lost = subscription.lost();
        if (lost.isEmpty()) {
            return true;
        }
        byte[] reset = EventStreamEncoder.encode(new StreamFrame.Reset(lost, LastEventId.EMPTY));
        Optional<SharedBytes> bytes = SharedBytes.reserve(reset, memory);
        boolean isTold = bytes.isPresent() && subscription.sink().offer(bytes.get());
        bytes.ifPresent(SharedBytes::release);
        if (isTold) {
            subscription.lossesTold();
        }
        return isTold;
    }

    /** Events of an unstored channel were lost to all streams. */
    void lose(ShardChannel channel) {
        live.gatherLoss(channel.name());
        channel.behind().forEach(subscription -> subscription.lose(Set.of(channel.name())));
    }

    /** Events of any unstored channel may have been lost to all streams. */
    void loseUnstored() {
        channels.values().stream()
                .filter(channel -> !feeds.isStored(channel.name()))
                .forEach(this::lose);
    }

    /** What the stream needs to go live, once {@link #pull} has brought its channels up to their feeds. */
    Rest rest(Subscription subscription) {
        FrameWriter frames = new FrameWriter(subscription.position(), subscription.isAhead());
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
            if (events.size() == MAX_PULL && !live.read(name)) {
                return new Rest.TooMuch(); // more may follow, and nobody who is live makes this shard pull it
            }
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
            if (feeds.isLatest(name)) {
                events = Tail.newestOf(events, from.sequence());
            }
            for (EncodedEvent event : events) {
                if (subscription.view().types().shows(event.type())) {
                    boolean hidden = event.isHiddenFrom(subscription.reader());
                    frames.stored(name, event, hidden);
                    shown += hidden ? 0 : 1;
                } else {
                    frames.skip(name, event);
                }
                if (frames.size() > MemoryBudget.MAX_CHUNK) {
                    return new Rest.TooMuch();
                }
            }
        }
        frames.tellPosition();
        return new Rest.Frames(frames.bytes(), frames.position(), shown, generations);
    }

    /** Whether all channels of the stream are finished where it stands, so that nothing will follow. */
    boolean areFinished(Subscription subscription) {
        for (ChannelName name : subscription.stored()) {
            if (!feeds.get(name).isFinishedAt(subscription.position().in(name).orElse(EventId.NONE))) {
                return false;
            }
        }
        return subscription.stored().size() == subscription.channels().size();
    }

    /** Adds a stream that has got the {@link Rest.Frames} to its cohort; returns the streams that had to leave the cohort. */
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
