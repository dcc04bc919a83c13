package dev.eventstream.http;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashSet;
import java.util.Set;

/** The client names the channels, with {@code channel} query parameters. */
final class ClientChannels implements RouteChannels {
    static final String PARAMETER = "channel";

    @Override
    public Set<ChannelName> of(UriInfo uri, Reader reader) {
        Set<ChannelName> channels = new LinkedHashSet<>(AddressText.query(uri, PARAMETER));
        if (channels.isEmpty()) {
            throw new IllegalArgumentException(
                    "no channel is named; add ?channel=NAME to the address, once per channel");
        }
        return channels;
    }
}
