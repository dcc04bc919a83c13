package dev.eventstream.channel;

import java.util.List;

/**
 * Decides which channels are stored: all except those that match one of the given patterns.
 *
 * <p>Immutable.
 *
 * @param unstored patterns of the channels whose events are delivered live, without id, and never stored
 */
public record StoredChannels(List<ChannelPattern> unstored) {
    public StoredChannels {
        unstored = List.copyOf(unstored);
    }

    /** Whether events of the channel are stored before they are delivered. */
    public boolean isStored(ChannelName channel) {
        for (ChannelPattern pattern : unstored) {
            if (pattern.matches(channel)) {
                return false;
            }
        }
        return true;
    }
}
