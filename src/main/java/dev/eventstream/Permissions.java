package dev.eventstream;

import dev.eventstream.channel.ChannelName;

/** Disconnects readers that may no longer read a channel. Thread-safe. */
@FunctionalInterface
interface Permissions {

    /** The user's permission to read the channel may have changed. */
    void changed(String user, ChannelName channel);
}
