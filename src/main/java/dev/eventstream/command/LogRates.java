package dev.eventstream.command;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.StartLimit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures how many events are committed per second, from what the log says about recent ones.
 *
 * <p>Confined to one thread.
 */
final class LogRates {
    /** Longer than events are usually stamped before their transaction commits. */
    private static final Duration LOOK_BACK = Duration.ofSeconds(10);

    /** New channels whose first rate is measured; the others count from the next sample on. */
    private static final int MAX_NEW = 200;

    private final EventStore store;
    private final Clock clock;
    private Map<ChannelName, EventId> newest = Map.of();
    private Map<ChannelName, Double> rates = Map.of();
    private Instant sampledAt;

    LogRates(EventStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.sampledAt = clock.instant();
        this.newest = recent(sampledAt).orElse(Map.of());
    }

    private Optional<Map<ChannelName, EventId>> recent(Instant now) {
        return store.newestSince(now.minus(LOOK_BACK));
    }

    /** Measures the time since the last call. */
    void sample() {
        Instant now = clock.instant();
        Map<ChannelName, EventId> recent = recent(now).orElse(Map.of());
        Map<ChannelName, EventId> before = before(recent);
        double seconds = Math.max(0.001, Duration.between(sampledAt, now).toMillis() / 1_000.0);
        Map<ChannelName, Double> measured = new HashMap<>();
        recent.forEach((channel, id) -> {
            EventId last = before.getOrDefault(channel, id);
            boolean isComparable = last.isNone() || last.epoch().equals(id.epoch());
            measured.put(channel, isComparable ? Math.max(0, id.sequence() - last.sequence()) / seconds : 0);
        });
        newest = recent;
        rates = measured;
        sampledAt = now;
    }

    /** Where each channel was at the last sample. */
    private Map<ChannelName, EventId> before(Map<ChannelName, EventId> recent) {
        Map<ChannelName, EventId> before = new HashMap<>(newest);
        List<ChannelName> added = recent.keySet().stream()
                .filter(channel -> !before.containsKey(channel))
                .limit(MAX_NEW)
                .toList();
        store.startPositions(added, StartLimit.since(sampledAt)).ifPresent(before::putAll);
        return before;
    }

    /** Events per second, by channel; channels without recent events are left out. */
    Map<ChannelName, Double> rates() {
        return rates;
    }
}
