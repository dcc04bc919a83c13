package dev.eventstream.channel;

import java.util.List;
import java.util.Optional;

/**
 * The channels with presence: the service counts their readers.
 *
 * <p>Immutable.
 *
 * @param patterns of the channels; none if presence is off
 * @param hasEvents whether joins and leaves are sent to the {@linkplain #eventsOf channel with the events} of each channel
 */
public record PresenceChannels(List<ChannelPattern> patterns, boolean hasEvents) {
    /** The prefix of the name of a channel with joins and leaves, in front of the name of the channel that it reports on. */
    public static final String EVENTS_PREFIX = "presence:";

    /** Presence is off. */
    public static final PresenceChannels NONE = new PresenceChannels(List.of(), false);

    public PresenceChannels {
        patterns = List.copyOf(patterns);
    }

    /** Whether the readers of the channel are counted. Those of a channel with joins and leaves are not. */
    public boolean isTracked(ChannelName channel) {
        if (channel.value().startsWith(EVENTS_PREFIX)) {
            return false;
        }
        for (ChannelPattern pattern : patterns) {
            if (pattern.matches(channel)) {
                return true;
            }
        }
        return false;
    }

    /** Returns those channels whose readers are counted. */
    public List<ChannelName> trackedOf(List<ChannelName> channels) {
        return patterns.isEmpty()
                ? List.of()
                : channels.stream().filter(this::isTracked).toList();
    }

    /** The channel with the joins and leaves of a channel; empty if they are not sent, or the name would be too long. */
    public Optional<ChannelName> eventsOf(ChannelName channel) {
        String name = EVENTS_PREFIX + channel.value();
        return hasEvents && name.codePointCount(0, name.length()) <= ChannelName.MAX_LENGTH
                ? Optional.of(new ChannelName(name))
                : Optional.empty();
    }

    /** The channel whose joins and leaves the given one carries; empty if the given one carries none. */
    public static Optional<ChannelName> reportedBy(ChannelName events) {
        String name = events.value();
        return name.startsWith(EVENTS_PREFIX) && name.length() > EVENTS_PREFIX.length()
                ? Optional.of(new ChannelName(name.substring(EVENTS_PREFIX.length())))
                : Optional.empty();
    }
}
