package dev.eventstream.publisher;

import dev.eventstream.channel.ChannelName;
import java.time.Duration;

/**
 * The sends of this node that have been waiting for a certain time.
 *
 * <p>Immutable.
 *
 * @param sends their number; 1 or more
 * @param longest how long the oldest of them has been waiting
 * @param channel a channel of the oldest: the locked one, if it waits for a lock
 * @param isLocked whether the oldest waits because another transaction keeps the channel locked
 */
public record WaitingSends(int sends, Duration longest, ChannelName channel, boolean isLocked) {}
