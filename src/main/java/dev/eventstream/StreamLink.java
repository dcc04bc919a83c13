package dev.eventstream;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PercentEncoding;
import dev.eventstream.event.BadLastEventIdException;
import dev.eventstream.event.LastEventId;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Links from a response to the stream that continues from the state in it. The response gets two headers:
 *
 * <pre>{@code
 * Link: </events?channel=orders&lastEventId=orders%3Dk3f9x2-41>; rel="event-stream"
 * Last-Event-ID: orders=k3f9x2-41
 * }</pre>
 *
 * <p>An EventSource opened with the address in {@code Link} gets everything that is sent after that position. If no channel is stored,
 * the link has no position, and the response does not get the second header.
 *
 * <p>A page of another origin can read the headers only if the application exposes them
 * ({@code Access-Control-Expose-Headers: Link, Last-Event-ID}).
 *
 * <p>Immutable.
 */
public final class StreamLink {
    /** The longest address, in characters. It stays below the 8 KB that servers and proxies accept in a request line. */
    public static final int MAX_LENGTH = 7_000;

    private static final String RELATION = "event-stream";
    private static final String POSITION_HEADER = "Last-Event-ID";

    private final String address;
    private final LastEventId position;

    private StreamLink(String address, LastEventId position) {
        this.address = address;
        this.position = position;
    }

    /**
     * Links to a stream that begins after a position.
     *
     * @param stream the address of the stream, absolute or relative to that of the response; it may have a query
     * @param position from {@link TransactionalEventStream#currentEventId} or {@link EventStream#currentEventId}
     * @param channels the channels, if the client names them with parameters; none if the route does
     * @throws BadLastEventIdException if the position is malformed
     * @throws IllegalArgumentException if a channel is not allowed, the address has a fragment, or the result is longer than
     *     {@value #MAX_LENGTH} characters
     */
    public static StreamLink to(URI stream, String position, String... channels) {
        if (stream.getRawFragment() != null) {
            throw new IllegalArgumentException("the address of a stream must not have a fragment (#)");
        }
        LastEventId parsed = LastEventId.parse(position);
        List<String> parameters = new ArrayList<>();
        Arrays.stream(channels).map(ChannelName::new).forEach(name -> parameters.add("channel=" + name.encoded()));
        if (!parsed.isEmpty()) {
            parameters.add("lastEventId=" + PercentEncoding.encode(parsed.toString()));
        }
        String address = withQuery(stream, String.join("&", parameters));
        if (address.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("the address of the stream has " + address.length()
                    + " characters; allowed are at most " + MAX_LENGTH
                    + ": name fewer channels, or let a route or a ChannelSelector choose them");
        }
        return new StreamLink(address, parsed);
    }

    private static String withQuery(URI stream, String parameters) {
        String address = stream.toASCIIString();
        String query = stream.getRawQuery();
        if (parameters.isEmpty()) {
            return address;
        }
        return address + (query == null ? "?" : query.isEmpty() || query.endsWith("&") ? "" : "&") + parameters;
    }

    /** Adds the headers to a response, and keeps other {@code Link} headers. */
    public Response.ResponseBuilder addTo(Response.ResponseBuilder response) {
        response.header("Link", "<" + address + ">; rel=\"" + RELATION + '"');
        return position.isEmpty() ? response : response.header(POSITION_HEADER, position.toString());
    }

    /** The address that a client opens. */
    @Override
    public String toString() {
        return address;
    }
}
