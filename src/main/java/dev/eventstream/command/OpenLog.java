package dev.eventstream.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.bus.BusVisitor;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.retention.RetentionRules;
import dev.eventstream.store.EventStore;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * An application's log, opened with its configuration by a process that is not one of its nodes.
 *
 * <p>Immutable.
 *
 * @param store the log
 * @param publisher stores events as the application does, and announces nothing
 * @param bus reaches the nodes; null if the application has no bus
 * @param proxies reaches the proxies; null if there are none
 * @param stored which channels are stored
 * @param retention how much of each channel is kept
 * @param maxDataCharacters {@code eventStream.limits.dataCharacters}
 * @param objectMapper the application's
 * @param clock tells how old an event is
 */
public record OpenLog(
        EventStore store,
        EventPublisher publisher,
        @Nullable BusVisitor bus,
        @Nullable ProxyKicks proxies,
        StoredChannels stored,
        RetentionRules retention,
        int maxDataCharacters,
        ObjectMapper objectMapper,
        Clock clock) {

    /**
     * @param instead what that means for the command, and what to do instead
     * @throws CommandFailedException if the channel is not stored
     */
    void requireStored(ChannelName channel, String instead) {
        if (!stored.isStored(channel)) {
            throw new CommandFailedException("channel \"" + channel
                    + "\" is not stored (eventStream.unstored, or eventStream.presence.events), so " + instead);
        }
    }
}
