package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;

/**
 * The oldest events of a channel, about to be trimmed. In the order of names.
 *
 * <p>Immutable.
 *
 * @param through sequence of the last of them
 * @param events how many they are
 */
record TrimRange(ChannelName channel, long channelId, long through, int events) implements Comparable<TrimRange> {

    @Override
    public int compareTo(TrimRange other) {
        return channel.compareTo(other.channel);
    }
}
