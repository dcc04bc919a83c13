package dev.eventstream.store;

import dev.eventstream.channel.ChannelName;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Nothing was appended, because channels of the append are finished. A retry fails, too, until the channels are
 * {@linkplain EventStore#reopen reopened}. The {@linkplain #outcome() outcome} is always {@link Outcome#NOT_STORED}.
 */
public final class ChannelFinishedException extends EventStoreException {
    private static final long serialVersionUID = 1;

    /** The largest number of channels that the message names. */
    private static final int MAX_NAMED = 10;

    private final transient List<ChannelName> channels;

    /**
     * @param channels the finished channels
     */
    public ChannelFinishedException(Collection<ChannelName> channels) {
        this(channels, null);
    }

    /**
     * @param channels the finished channels
     * @param cause the same failure on another thread; null if there is none
     */
    public ChannelFinishedException(Collection<ChannelName> channels, @Nullable ChannelFinishedException cause) {
        super(message(new TreeSet<>(channels)), Outcome.NOT_STORED, cause);
        this.channels = List.copyOf(new TreeSet<>(channels));
    }

    private static String message(Collection<ChannelName> channels) {
        return (channels.size() == 1 ? "channel " : "channels ")
                + channels.stream()
                        .limit(MAX_NAMED)
                        .map(channel -> "\"" + channel + "\"")
                        .collect(Collectors.joining(", "))
                + (channels.size() > MAX_NAMED ? " and " + (channels.size() - MAX_NAMED) + " more" : "")
                + (channels.size() == 1 ? " is" : " are")
                + " finished, so nothing was sent; eventStream.reopen(channel) opens a finished channel again";
    }

    /** The finished channels, sorted. */
    public List<ChannelName> channels() {
        return channels;
    }
}
