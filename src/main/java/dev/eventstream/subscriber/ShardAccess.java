package dev.eventstream.subscriber;

import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Applies changes of rights to the streams of a shard.
 *
 * <p>Confined to the shard's thread, except {@link #add}, which any thread may call.
 */
final class ShardAccess {
    private final JoinedStreams streams;
    private final PermissionChecks checks;
    private final AccessChanges recent;
    private final WaitingChanges waiting = new WaitingChanges();

    ShardAccess(JoinedStreams streams, PermissionChecks checks, AccessChanges recent) {
        this.streams = streams;
        this.checks = checks;
        this.recent = recent;
    }

    /** Adds a change; returns whether the caller must have {@link #applyChanges} called. Any thread. */
    boolean add(AccessChange change) {
        return waiting.add(change);
    }

    /** Applies the changes that wait. If there were too many, all streams end, and their clients come back with their rights. */
    void applyChanges() {
        WaitingChanges.Taken taken = waiting.take();
        if (taken.areTooMany()) {
            List.copyOf(streams.all()).forEach(subscription -> Farewell.internalError(subscription.sink()));
            return;
        }
        Set<ChannelName> channels = new HashSet<>();
        for (AccessChange change : taken.changes()) {
            if (change instanceof AccessChange.OfUser ofUser) {
                streams.of(ofUser.user(), ofUser.channel()).forEach(stream -> checks.check(stream, ofUser.channel()));
            } else if (change instanceof AccessChange.Disconnected disconnected) {
                checks.disconnect(streams.of(disconnected.user()), disconnected);
            } else if (change instanceof AccessChange.OfChannel ofChannel) {
                channels.add(ofChannel.channel());
            }
        }
        if (!channels.isEmpty()) {
            check(channels);
        }
    }

    private void check(Set<ChannelName> channels) {
        for (Subscription subscription : streams.all()) {
            for (ChannelName channel : subscription.channels()) {
                if (channels.contains(channel)) {
                    checks.check(subscription, channel);
                }
            }
        }
    }

    /** Asks again about every channel of every stream. */
    void recheckAll() {
        streams.all().forEach(stream -> stream.channels().forEach(channel -> checks.check(stream, channel)));
    }

    /** Applies the changes that a stream's request may have overlooked. */
    void joined(Subscription subscription) {
        long requested = subscription.admission().requestedNanos();
        recent.since(requested, subscription.reader(), subscription.channels())
                .forEach(channel -> checks.check(subscription, channel));
        recent.disconnectedSince(requested, subscription.reader())
                .ifPresent(disconnected -> checks.disconnect(List.of(subscription), disconnected));
    }
}
