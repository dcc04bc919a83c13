package dev.eventstream.grip;

import com.google.common.net.PercentEscaper;
import dev.eventstream.channel.ChannelName;
import java.util.Optional;

/**
 * Names as proxies know them: {@code events-orders} carries the events of channel {@code orders}, {@code user-alice} what is
 * said to that user alone. A proxy takes names literally and ends them at {@code ,} and {@code ;}, so ours are
 * percent-encoded.
 *
 * <p>Stateless, thread-safe.
 */
public final class ProxyChannel {
    private static final String EVENTS = "events-";
    private static final String USER = "user-";
    private static final PercentEscaper ESCAPER = new PercentEscaper("-._~", false);

    private ProxyChannel() {}

    /** Where the events of a channel are published. */
    public static String of(ChannelName channel) {
        return EVENTS + channel.encoded();
    }

    /** Where is published what concerns one user's streams. */
    public static String ofUser(String user) {
        return USER + encoded(user);
    }

    /** A user's name as it stands in a session's and an item's meta: percent-encoded, so that a comma may list several. */
    public static String encoded(String user) {
        return ESCAPER.escape(user);
    }

    /**
     * The channel whose events are published there.
     *
     * @throws IllegalArgumentException if the name is one of ours and its channel is malformed
     */
    static Optional<ChannelName> channel(String name) {
        return name.startsWith(EVENTS)
                ? Optional.of(ChannelName.decode(name.substring(EVENTS.length())))
                : Optional.empty();
    }
}
