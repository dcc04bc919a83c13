package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The streams of a shard, also by user.
 *
 * <p>Confined to the shard's thread.
 */
final class JoinedStreams {
    private final Set<Subscription> all = new LinkedHashSet<>();
    private final Map<String, List<Subscription>> byUser = new HashMap<>();

    void add(Subscription subscription) {
        if (all.add(subscription)) {
            subscription
                    .reader()
                    .user()
                    .ifPresent(user -> byUser.computeIfAbsent(user, unused -> new ArrayList<>(1))
                            .add(subscription));
        }
    }

    void remove(Subscription subscription) {
        if (all.remove(subscription)) {
            subscription
                    .reader()
                    .user()
                    .ifPresent(user -> byUser.computeIfPresent(user, (name, streams) -> {
                        streams.remove(subscription);
                        return streams.isEmpty() ? null : streams;
                    }));
        }
    }

    /** All streams; the collection changes with them. */
    Collection<Subscription> all() {
        return Collections.unmodifiableCollection(all);
    }

    /** The streams of a user. */
    List<Subscription> of(String user) {
        return List.copyOf(byUser.getOrDefault(user, List.of()));
    }

    /** The streams of a user that read a channel. */
    List<Subscription> of(String user, ChannelName channel) {
        return byUser.getOrDefault(user, List.of()).stream()
                .filter(subscription -> subscription.channels().contains(channel))
                .toList();
    }
}
