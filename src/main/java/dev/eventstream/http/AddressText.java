package dev.eventstream.http;

import com.google.common.net.PercentEscaper;
import dev.eventstream.channel.ChannelName;
import jakarta.ws.rs.core.UriInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Decodes parts of an address, in whichever way the client encoded them. */
final class AddressText {
    // encodes what clients may leave unencoded, and keeps what is already encoded
    private static final PercentEscaper ESCAPER = new PercentEscaper("-._~%", false);

    private AddressText() {}

    /**
     * The parts of the path by name.
     *
     * @throws IllegalArgumentException if one is malformed or cannot be the name of a channel
     */
    static Map<String, String> path(UriInfo uri) {
        Map<String, String> parts = new HashMap<>();
        uri.getPathParameters(false)
                .forEach((name, values) -> parts.put(name, decode(values.get(0)).value()));
        return parts;
    }

    /**
     * The values of a query parameter.
     *
     * @throws IllegalArgumentException if one is malformed or cannot be the name of a channel
     */
    static List<ChannelName> query(UriInfo uri, String parameter) {
        return uri.getQueryParameters(false).getOrDefault(parameter, List.of()).stream()
                .map(value -> decode(value.replace("+", "%20")))
                .toList();
    }

    private static ChannelName decode(String encoded) {
        return ChannelName.decode(ESCAPER.escape(encoded));
    }
}
