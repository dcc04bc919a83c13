package dev.eventstream.admin;

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

/**
 * How many events per second all nodes have recently sent to each channel, according to the log.
 *
 * <p>Thread-safe. Blocks while the database works. The cost depends only on the number of these events.
 */
final class ChannelRates {
    /** Channels whose rates are measured. */
    static final int MAX_CHANNELS = 200;

    private static final Duration LOOK_BACK = Duration.ofSeconds(10);

    private final EventStore store;
    private final Clock clock;

    /** @param clock by which senders stamp their events */
    ChannelRates(EventStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * The rates.
     *
     * @param perSecond events per second, by channel
     * @param notMeasured how many other channels had events, too
     */
    record Rates(Map<ChannelName, Double> perSecond, int notMeasured) {}

    /** Measures the last ten seconds. Finds no channels if the store cannot tell which of them have recent events. */
    Rates measure() {
        Instant since = clock.instant().minus(LOOK_BACK);
        Map<ChannelName, EventId> newest = store.newestSince(since).orElse(Map.of());
        List<ChannelName> measured =
                newest.keySet().stream().sorted().limit(MAX_CHANNELS).toList();
        Map<ChannelName, EventId> starts =
                store.startPositions(measured, StartLimit.since(since)).orElse(Map.of());
        Map<ChannelName, Double> rates = new HashMap<>();
        starts.forEach((channel, start) -> {
            EventId end = newest.getOrDefault(channel, start);
            boolean isComparable = start.isNone() || start.epoch().equals(end.epoch());
            long events = isComparable ? Math.max(0, end.sequence() - start.sequence()) : 0;
            rates.put(channel, (double) events / LOOK_BACK.toSeconds());
        });
        return new Rates(rates, newest.size() - measured.size());
    }
}
