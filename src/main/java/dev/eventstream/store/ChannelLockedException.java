package dev.eventstream.store;

import dev.eventstream.channel.ChannelName;
import java.util.List;
import java.util.stream.Collectors;

/** Nothing was appended, because other transactions kept channels locked for longer than the caller would wait. */
public final class ChannelLockedException extends EventStoreException {
    private static final long serialVersionUID = 1;

    private final transient List<ChannelName> channels;

    /**
     * @param channels those that were locked, as far as the database tells; all channels of the append if it does not
     */
    public ChannelLockedException(List<ChannelName> channels, Throwable cause) {
        super(
                "other transactions hold the lock of channel "
                        + channels.stream()
                                .map(channel -> "\"" + channel + "\"")
                                .collect(Collectors.joining(", ")),
                cause);
        this.channels = List.copyOf(channels);
    }

    /** The channels that were locked, as far as the database tells. */
    public List<ChannelName> channels() {
        return channels;
    }
}
