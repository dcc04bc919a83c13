package dev.eventstream;

import dev.eventstream.channel.ChannelName;

/** Sees to it that whoever may not read a channel any longer is cut off. Thread-safe. */
@FunctionalInterface
interface Permissions {

    /** The user's permission to read the channel may have changed. */
    void changed(String user, ChannelName channel);
}
