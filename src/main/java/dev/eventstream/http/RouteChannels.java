package dev.eventstream.http;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;

/** How a route finds the channels of a request. Implementations are thread-safe. */
interface RouteChannels {

    /**
     * The channels of a request, one or more.
     *
     * @throws IllegalArgumentException if the request names no channel, or one that is not allowed; the message is for the client
     * @throws StreamRefusedException if the reader must not have this stream
     */
    Set<ChannelName> of(UriInfo uri, Reader reader);
}
