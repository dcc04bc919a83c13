package dev.eventstream.publisher;

import dev.eventstream.channel.ChannelName;
import java.time.Duration;

/**
 * The sends of this node that have been waiting for a certain time.
 *
 * <p>Immutable.
 *
 * @param sends how many there are; 1 or more
 * @param longest how long the first of them has been waiting
 * @param channel a channel of the first of them: the one that is locked, if it waits for a lock
 * @param isLocked whether the first of them waits because another transaction keeps the channel locked
 */
public record WaitingSends(int sends, Duration longest, ChannelName channel, boolean isLocked) {}
