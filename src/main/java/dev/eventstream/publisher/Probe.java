package dev.eventstream.publisher;

import dev.eventstream.channel.ChannelName;

/**
 * A locked channel to try.
 *
 * <p>Immutable.
 *
 * @param of how many channels there are to try
 * @param isAlone whether none of the sends that wait for it has other channels
 */
record Probe(ChannelName channel, int of, boolean isAlone) {}
