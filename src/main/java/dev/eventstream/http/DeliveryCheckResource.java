package dev.eventstream.http;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.grip.GripHeaders;
import dev.eventstream.grip.NextLinks;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import org.glassfish.jersey.process.Inflector;

/**
 * Begins the stream on which a health check waits for an event through a proxy. The stream has one channel, which nothing else
 * uses. Only a proxy gets it, with a token from a node that has the same {@code linkSecrets}.
 *
 * <p>Thread-safe.
 */
public final class DeliveryCheckResource implements Inflector<ContainerRequestContext, Response> {
    /** Path parameter with the token of the check. */
    public static final String TOKEN = "token";

    private final RequestOrigin origin;
    private final NextLinks links;
    private final Duration keepAlive;

    /** @param links verifies the token, which this node or another one made */
    public DeliveryCheckResource(RequestOrigin origin, NextLinks links, Duration keepAlive) {
        this.origin = origin;
        this.links = links;
        this.keepAlive = keepAlive;
    }

    /**
     * The channel of a check; it is never stored.
     *
     * @param token 32 hexadecimal digits
     */
    public static ChannelName channel(String token) {
        return new ChannelName("eventstream-delivery-check-" + token);
    }

    @Override
    public Response apply(ContainerRequestContext request) {
        String token = request.getUriInfo().getPathParameters().getFirst(TOKEN);
        // the cheaper check comes first
        if (token == null || !links.isCheckToken(token) || origin.sender(request) != RequestOrigin.Sender.PROXY) {
            return Refusal.forbidden();
        }
        Response.ResponseBuilder answer =
                Response.ok(EventStreamEncoder.encode(new StreamFrame.KeepAlive()), MediaType.SERVER_SENT_EVENTS_TYPE);
        List<GripHeaders.Header> headers = GripHeaders.holdUnstored(channel(token), keepAlive);
        headers.forEach(header -> answer.header(header.name(), header.value()));
        return answer.build();
    }
}
