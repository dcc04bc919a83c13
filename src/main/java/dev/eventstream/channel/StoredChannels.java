package dev.eventstream.channel;

import java.util.List;

/**
 * Decides which channels are stored: all except those that match one of the given patterns. Some stored channels are latest: only
 * their newest event matters.
 *
 * <p>Immutable.
 *
 * @param unstored patterns of the channels whose events are delivered live, without id, and never stored
 * @param latest patterns of the channels whose readers begin with the newest event, and skip to it if they fall behind
 */
public record StoredChannels(List<ChannelPattern> unstored, List<ChannelPattern> latest) {
    public StoredChannels {
        unstored = List.copyOf(unstored);
        latest = List.copyOf(latest);
    }

    /** Without latest channels. */
    public StoredChannels(List<ChannelPattern> unstored) {
        this(unstored, List.of());
    }

    /** Whether events of the channel are stored before they are delivered. */
    public boolean isStored(ChannelName channel) {
        return !matches(unstored, channel);
    }

    /** Whether the channel is latest; a channel that is not stored never is. */
    public boolean isLatest(ChannelName channel) {
        return matches(latest, channel) && isStored(channel);
    }

    private static boolean matches(List<ChannelPattern> patterns, ChannelName channel) {
        for (ChannelPattern pattern : patterns) {
            if (pattern.matches(channel)) {
                return true;
            }
        }
        return false;
    }
}
