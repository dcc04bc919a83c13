package dev.eventstream.store;

import dev.eventstream.channel.ChannelName;
import java.time.Instant;

/**
 * How much of a channel's log there is.
 *
 * <p>Immutable.
 *
 * @param events how many are not trimmed
 * @param oldest when the oldest of them was sent; {@link Instant#MAX} if there are none
 */
public record ChannelStats(ChannelName channel, long events, Instant oldest) {}
