package dev.eventstream.subscriber;

import com.google.common.base.Ticker;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Applies changes of rights to the streams of a shard, and ends or checks streams when it is time.
 *
 * <p>Confined to the shard's thread, except {@link #add}, which any thread may call.
 */
final class ShardAccess {
    /** Questions that may wait before no more are added for periodic checks. */
    private static final int MAX_WAITING = 1_000;

    private final JoinedStreams streams;
    private final PermissionChecks checks;
    private final AccessChanges recent;
    private final PermissionChecks rechecks;
    private final StreamTerms terms;
    private final Ticker ticker;
    private final WaitingChanges waiting = new WaitingChanges();

    ShardAccess(JoinedStreams streams, ShardResources shared) {
        this.streams = streams;
        this.checks = shared.permissionChecks();
        this.recent = shared.changes();
        this.rechecks = shared.rechecks();
        this.terms = shared.terms();
        this.ticker = shared.ticker();
    }

    /** Adds a change; returns whether the caller must see to it that {@link #applyChanges} runs. Any thread. */
    boolean add(AccessChange change) {
        return waiting.add(change);
    }

    /** Applies the changes that wait. If there were too many, all streams end, and their clients come back with their present rights. */
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

    /**
     * Ends the streams whose time has come, and asks again about some that are due. Each stream is due once in
     * {@link StreamTerms#recheck}, at a different time. Those beyond twice the average rate, or while many questions wait, are left to
     * the next call.
     *
     * @param sinceLast the time since the last call
     */
    void tick(Duration sinceLast) {
        long nowNanos = ticker.read();
        Instant now = terms.clock().instant();
        Map<CloseReason, List<Subscription>> over = new EnumMap<>(CloseReason.class);
        long left = rechecks.waiting() > MAX_WAITING ? 0 : mostRechecks(sinceLast);
        for (Subscription subscription : streams.all()) {
            StreamTimes times = subscription.times();
            Optional<CloseReason> end = times.takeEnd(nowNanos, now);
            if (end.isPresent()) {
                over.computeIfAbsent(end.get(), unused -> new ArrayList<>()).add(subscription);
            } else if (left > 0 && times.takeRecheck(nowNanos)) {
                left--;
                subscription.channels().forEach(channel -> rechecks.check(subscription, channel));
            }
        }
        over.forEach((reason, ending) -> checks.comeBack(ending, reason));
    }

    private long mostRechecks(Duration sinceLast) {
        long parts = Math.max(1, terms.recheck().dividedBy(sinceLast));
        return 1 + 2 * (streams.all().size() / parts + 1);
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
