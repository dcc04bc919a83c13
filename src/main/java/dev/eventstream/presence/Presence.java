package dev.eventstream.presence;

import dev.eventstream.channel.ChannelName;
import java.util.List;

/**
 * The readers of a channel at a moment, on all nodes and at the proxies.
 *
 * <p>Immutable.
 *
 * @param channel the channel
 * @param readers the number of readers: each user counts once, with any number of streams, and each stream of an anonymous reader counts
 * @param streams the number of open streams that contain the channel
 * @param users names of the signed-in readers, sorted, each once. A user whose name is longer than 255 characters or has control
 *     characters counts as an anonymous reader
 * @param isComplete whether this node has heard from all others and from every proxy. If not, readers may be missing: for a minute
 *     after the start, or while the bus or a proxy does not work
 */
public record Presence(ChannelName channel, int readers, int streams, List<String> users, boolean isComplete) {
    public Presence {
        users = List.copyOf(users);
    }
}
