package dev.eventstream.grip;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PercentEncoding;
import java.util.Optional;

/**
 * What our channels and users are called at a proxy. An instruction to hold and what is published must agree on it.
 *
 * <p>A proxy takes names literally, and {@code ,} and {@code ;} end them, so they are percent-encoded. Stateless,
 * thread-safe.
 */
public final class GripNames {
    private static final String EVENTS = "events-";
    private static final String USER = "user-";

    private GripNames() {}

    /** The proxy's channel for the events of one of ours. */
    public static String events(ChannelName channel) {
        return EVENTS + channel.encoded();
    }

    /**
     * The channel whose events the proxy's channel is for; empty if it is for something else.
     *
     * @throws IllegalArgumentException if the name is malformed
     */
    static Optional<ChannelName> channel(String name) {
        return name.startsWith(EVENTS)
                ? Optional.of(ChannelName.decode(name.substring(EVENTS.length())))
                : Optional.empty();
    }

    /** The proxy's channel to all streams of a user. It has no {@code prev-id}, so that a kick is never taken for a gap. */
    public static String userChannel(String user) {
        return USER + user(user);
    }

    /** A user, as in the {@code user} of a stream's meta data and in {@code skip_users} of an event. */
    public static String user(String user) {
        return PercentEncoding.encode(user);
    }
}
