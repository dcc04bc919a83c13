package dev.eventstream.store;

import dev.eventstream.channel.ChannelName;
import java.time.Instant;

/**
 * The size of a channel's log.
 *
 * <p>Immutable.
 *
 * @param events how many events are not trimmed
 * @param oldest when the oldest of them was sent; {@link Instant#MAX} if there are none
 */
public record ChannelStats(ChannelName channel, long events, Instant oldest) {}
