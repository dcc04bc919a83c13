package dev.eventstream.example;

import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;

/**
 * Decides who may read which channel of the example. Only the user alice may read {@code private-alice}. Every signed-in user may
 * read channels that begin with {@code _}. All other channels, including the rooms, are public.
 *
 * <p>Stateless, thread-safe.
 */
public final class RoomAuthorizer implements ChannelAuthorizer {
    private static final String PRIVATE = "private-";

    @Override
    public boolean mayRead(Reader reader, ChannelName channel) {
        String name = channel.value();
        if (name.startsWith(PRIVATE)) {
            return reader.isUser(name.substring(PRIVATE.length()));
        }
        if (name.startsWith("_")) {
            return reader.principal().isPresent();
        }
        return true;
    }
}
