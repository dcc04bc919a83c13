package dev.eventstream.presence;

import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PresenceChannels;
import dev.eventstream.channel.Reader;

/**
 * Protects the channels with joins and leaves, which contain names. A reader needs two permissions: to read such a channel, and to see
 * the names of the readers of the channel that it reports on. The application's authorizer decides about both.
 *
 * <p>Thread-safe if that authorizer is.
 */
public final class PresenceAuthorizer implements ChannelAuthorizer {
    private final ChannelAuthorizer application;

    /** @param application the application's authorizer */
    public PresenceAuthorizer(ChannelAuthorizer application) {
        this.application = application;
    }

    @Override
    public boolean mayRead(Reader reader, ChannelName channel) {
        return application.mayRead(reader, channel)
                && PresenceChannels.reportedBy(channel)
                        .map(reported -> application.mayReadPresence(reader, reported))
                        .orElse(true);
    }

    @Override
    public boolean mayReadPresence(Reader reader, ChannelName channel) {
        return application.mayReadPresence(reader, channel);
    }
}
