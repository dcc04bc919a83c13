package dev.eventstream.example;

import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;

/**
 * Who may read which channel of the example: {@code private-alice} only the user alice; what begins with {@code _} every
 * signed-in user; everything else, the rooms included, everybody.
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
