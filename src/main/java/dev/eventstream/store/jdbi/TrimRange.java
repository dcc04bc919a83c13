package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;

/**
 * The oldest events of a channel, which are about to be trimmed. Ordered by name.
 *
 * <p>Immutable.
 *
 * @param through the sequence of the last of them
 * @param events their number
 */
record TrimRange(ChannelName channel, long channelId, long through, int events) implements Comparable<TrimRange> {

    @Override
    public int compareTo(TrimRange other) {
        return channel.compareTo(other.channel);
    }
}
