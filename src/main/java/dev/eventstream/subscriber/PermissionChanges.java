package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers recent permission changes for streams that were just being opened: their request had asked the authorizer before
 * the change, and they join after it.
 *
 * <p>Bounded by {@value #MAX_CHANGES} changes; beyond that, the oldest are forgotten early.
 *
 * <p>Confined to the fan-out thread.
 */
final class PermissionChanges {
    /** Most changes that are remembered. */
    static final int MAX_CHANGES = 10_000;

    /** Longer than a request can take from the authorizer's answer to its stream, however slow the database is. */
    private static final Duration REMEMBERED = Duration.ofMinutes(2);

    private final Map<Change, Long> changes = new LinkedHashMap<>();

    private boolean hasChangeOfAll;
    private long allChangedAtNanos;

    private record Change(String user, ChannelName channel) {}

    void note(String user, ChannelName channel, long nowNanos) {
        Change change = new Change(user, channel);
        changes.remove(change);
        changes.put(change, nowNanos);
        forget(nowNanos);
    }

    /** Notes that any permission may have changed. */
    void noteAll(long nowNanos) {
        hasChangeOfAll = true;
        allChangedAtNanos = nowNanos;
        changes.clear();
    }

    /** Those of the channels for which the reader's permission changed recently. */
    List<ChannelName> of(Reader reader, List<ChannelName> channels, long nowNanos) {
        if (hasChangeOfAll && nowNanos - allChangedAtNanos <= REMEMBERED.toNanos()) {
            return channels;
        }
        if (changes.isEmpty()) {
            return List.of();
        }
        return reader.user().stream()
                .flatMap(user -> channels.stream().filter(channel -> changes.containsKey(new Change(user, channel))))
                .toList();
    }

    private void forget(long nowNanos) {
        Iterator<Long> oldest = changes.values().iterator();
        while (oldest.hasNext() && (nowNanos - oldest.next() > REMEMBERED.toNanos() || changes.size() > MAX_CHANGES)) {
            oldest.remove();
        }
    }
}
