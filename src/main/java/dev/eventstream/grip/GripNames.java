package dev.eventstream.grip;

import dev.eventstream.channel.Attendee;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PercentEncoding;
import dev.eventstream.event.EventType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The names of our channels and users at a proxy, for hold instructions and published items alike.
 *
 * <p>Names are percent-encoded, because a proxy takes them literally and {@code ,} and {@code ;} end them. Stateless,
 * thread-safe.
 */
public final class GripNames {
    private static final String EVENTS = "events-";
    private static final String USER = "user-";
    private static final String TYPE = "type-";
    private static final String ANONYMOUS = "anonymous";
    private static final String PRESENCE = "presence-";

    /** Cannot be part of an encoded name. */
    private static final char SEPARATOR = ':';

    private GripNames() {}

    /** The proxy's channel for the events of one of ours. */
    public static String events(ChannelName channel) {
        return EVENTS + channel.encoded();
    }

    /**
     * Our channel whose events a proxy's channel carries; empty if it carries something else.
     *
     * @throws IllegalArgumentException if the name is malformed
     */
    static Optional<ChannelName> channel(String name) {
        return name.startsWith(EVENTS)
                ? Optional.of(ChannelName.decode(name.substring(EVENTS.length())))
                : Optional.empty();
    }

    /**
     * The proxy's channel to all streams of a user, or to those of anonymous readers. It has no {@code prev-id}, so a kick never
     * looks like a gap.
     *
     * <p>It carries no events. A proxy restarts a link's timeout only once all channels of the stream have had a message (Pushpin
     * 1.36, {@code src/handler/httpsession.cpp}, {@code activeChannels}), so this channel also makes the proxy fetch the link
     * of a busy stream in time.
     *
     * @param user null for anonymous readers
     */
    public static String readerChannel(@Nullable String user) {
        return user == null ? ANONYMOUS : USER + user(user);
    }

    /**
     * The proxy's channel that marks streams which show a type of events. Nothing is published to it. An event names it as a
     * requirement, and streams that show only some types get only events whose requirement they meet.
     */
    public static String type(EventType type) {
        return TYPE + PercentEncoding.encode(type.value());
    }

    /**
     * The proxy's channel by which it counts the streams of a reader of one of our channels. Nothing is published to it.
     */
    public static String presence(Attendee attendee) {
        String channel = PRESENCE + attendee.channel().encoded();
        return attendee.user() == null ? channel : channel + SEPARATOR + user(attendee.user());
    }

    /**
     * The reader whose streams a proxy counts with a channel; empty if the channel serves another purpose.
     *
     * @throws IllegalArgumentException if the name is malformed
     */
    public static Optional<Attendee> attendee(String name) {
        if (!name.startsWith(PRESENCE)) {
            return Optional.empty();
        }
        String rest = name.substring(PRESENCE.length());
        int separator = rest.indexOf(SEPARATOR);
        return Optional.of(
                separator < 0
                        ? new Attendee(ChannelName.decode(rest), null)
                        : new Attendee(
                                ChannelName.decode(rest.substring(0, separator)),
                                PercentDecoding.percentDecode(rest.substring(separator + 1))));
    }

    /** A user, as in the {@code user} of a stream's meta data and in {@code skip_users} of an event. */
    public static String user(String user) {
        return PercentEncoding.encode(user);
    }
}
