package dev.eventstream.subscriber;

import com.google.common.base.Ticker;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers recent changes of rights for streams that were just being opened: their request asked the authorizer before the
 * change, and they join after it.
 *
 * <p>Bounded by {@value #MAX_CHANGES} changes. When the oldest is forgotten early, any request that began before that counts as
 * affected by it.
 *
 * <p>Thread-safe. Each change is noted before the shards look for the streams that it affects.
 */
public final class AccessChanges {
    /** Most changes that are remembered. */
    static final int MAX_CHANGES = 10_000;

    /** Longer than a request can take from the authorizer's answer to its stream, however slow the database is. */
    private static final Duration REMEMBERED = Duration.ofMinutes(2);

    private final Ticker ticker;

    // guarded by this
    private final Map<Object, Noted> changes = new LinkedHashMap<>();
    private @Nullable Long allChangedAtNanos;

    private record Noted(AccessChange change, long atNanos) {}

    /** The key of a user who was disconnected, for whatever reason. */
    private record User(String name) {}

    AccessChanges(Ticker ticker) {
        this.ticker = ticker;
    }

    synchronized void note(AccessChange change) {
        long now = ticker.read();
        Object key = change instanceof AccessChange.Disconnected disconnected ? new User(disconnected.user()) : change;
        changes.remove(key);
        changes.put(key, new Noted(change, now));
        forget(now);
    }

    /** Notes that any permission may have changed. */
    synchronized void noteAll() {
        allChangedAtNanos = ticker.read();
    }

    /** Those of the channels for which the reader's permission may have changed since its request began. */
    public synchronized List<ChannelName> since(long requestedNanos, Reader reader, List<ChannelName> channels) {
        if (allChangedAtNanos != null && allChangedAtNanos - requestedNanos >= 0) {
            return channels;
        }
        return changes.isEmpty()
                ? List.of()
                : channels.stream()
                        .filter(channel -> isNoted(new AccessChange.OfChannel(channel), requestedNanos)
                                || reader.user()
                                        .filter(user -> isNoted(new AccessChange.OfUser(user, channel), requestedNanos))
                                        .isPresent())
                        .toList();
    }

    private boolean isNoted(AccessChange change, long requestedNanos) {
        Noted noted = changes.get(change);
        return noted != null && noted.atNanos() - requestedNanos >= 0;
    }

    /** The disconnection of the reader since its request began, if there was one. */
    public synchronized Optional<AccessChange.Disconnected> disconnectedSince(long requestedNanos, Reader reader) {
        return reader.user()
                .map(user -> changes.get(new User(user)))
                .filter(noted -> noted.atNanos() - requestedNanos >= 0)
                .map(noted -> (AccessChange.Disconnected) noted.change());
    }

    private void forget(long nowNanos) {
        Iterator<Noted> oldest = changes.values().iterator();
        while (oldest.hasNext()) {
            Noted noted = oldest.next();
            boolean isOld = nowNanos - noted.atNanos() > REMEMBERED.toNanos();
            if (!isOld && changes.size() <= MAX_CHANGES) {
                return;
            }
            oldest.remove();
            if (!isOld) {
                allChangedAtNanos = noted.atNanos();
            }
        }
    }
}
