package dev.eventstream.http;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.ChannelSelector;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.StreamRequest;
import dev.eventstream.stream.StreamFrame.Condition;
import jakarta.ws.rs.core.UriInfo;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The application chooses the channels. */
final class SelectedChannels implements RouteChannels {
    private final ChannelSelector selector;

    SelectedChannels(ChannelSelector selector) {
        this.selector = selector;
    }

    @Override
    public Set<ChannelName> of(UriInfo uri, Reader reader) {
        Set<ChannelName> channels = new LinkedHashSet<>(select(reader, request(uri)));
        if (channels.isEmpty()) {
            throw new StreamRefusedException(Condition.FORBIDDEN, "There is no channel for you here.", List.of());
        }
        return channels;
    }

    private static StreamRequest request(UriInfo uri) {
        return new StreamRequest(uri.getRequestUri(), AddressText.path(uri), uri.getQueryParameters());
    }

    private Collection<ChannelName> select(Reader reader, StreamRequest request) {
        try {
            return List.copyOf(selector.channels(reader, request));
        } catch (RuntimeException e) { // not the client's mistake, whatever its type
            throw new IllegalStateException("the ChannelSelector failed", e);
        }
    }
}
