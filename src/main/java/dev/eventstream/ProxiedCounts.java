package dev.eventstream;

import dev.eventstream.channel.Attendee;
import dev.eventstream.control.zmq.ZmqStats;
import dev.eventstream.grip.GripNames;
import dev.eventstream.presence.ProxiedReaders;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on how many streams a proxy has for each reader of a channel; ignores its other channels.
 *
 * <p>Thread-safe.
 */
final class ProxiedCounts implements ZmqStats.Listener {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProxiedCounts.class);

    private final ProxiedReaders readers;

    ProxiedCounts(ProxiedReaders readers) {
        this.readers = readers;
    }

    @Override
    public void counted(String process, String channel, int subscribers) {
        attendee(channel)
                .ifPresentOrElse(
                        attendee -> readers.counted(process, attendee, subscribers), () -> readers.heard(process));
    }

    private static Optional<Attendee> attendee(String channel) {
        try {
            return GripNames.attendee(channel);
        } catch (IllegalArgumentException e) { // from another application that uses the proxy
            LOGGER.debug("A proxy counts a channel whose name cannot be read", e);
            return Optional.empty();
        }
    }

    @Override
    public void heard(String process) {
        readers.heard(process);
    }

    @Override
    public void connected(boolean isConnected) {
        readers.connected(isConnected);
    }
}
