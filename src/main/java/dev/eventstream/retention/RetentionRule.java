package dev.eventstream.retention;

import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.store.ChannelStats;
import dev.eventstream.store.TrimLimit;
import java.time.Duration;
import java.time.Instant;

/**
 * How much is kept of the channels that match a pattern.
 *
 * <p>Immutable.
 *
 * @param age how long an event is kept
 * @param events how many events are kept; {@link Long#MAX_VALUE} for all
 */
public record RetentionRule(ChannelPattern channels, Duration age, long events) {

    /** What it keeps now. */
    public TrimLimit keep(Instant now) {
        return new TrimLimit(now.minus(age), events);
    }

    /** Whether a channel has events that it does not keep now. */
    public boolean isExceededBy(ChannelStats stats, Instant now) {
        return stats.events() > events || stats.oldest().isBefore(now.minus(age));
    }
}
