package dev.eventstream.store;

import dev.eventstream.channel.ChannelName;
import java.util.List;
import java.util.stream.Collectors;

/** Nothing was appended, because other transactions kept channels locked for longer than the caller was willing to wait. */
public final class ChannelLockedException extends EventStoreException {
    private static final long serialVersionUID = 1;

    /** The most channels that the message names. */
    private static final int MAX_NAMED = 10;

    private final transient List<ChannelName> channels;

    /**
     * @param channels those that were locked; all channels of the append if the database does not report them
     */
    public ChannelLockedException(List<ChannelName> channels, Throwable cause) {
        super(
                "other transactions hold the lock of channel "
                        + channels.stream()
                                .limit(MAX_NAMED)
                                .map(channel -> "\"" + channel + "\"")
                                .collect(Collectors.joining(", "))
                        + (channels.size() > MAX_NAMED ? " and " + (channels.size() - MAX_NAMED) + " more" : ""),
                cause);
        this.channels = List.copyOf(channels);
    }

    /** The channels that were locked; all channels of the append if the database did not report them. */
    public List<ChannelName> channels() {
        return channels;
    }
}
