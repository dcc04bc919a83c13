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
 * Begins the stream by which a health check sees whether events arrive through a proxy. It is held on a channel that nothing
 * else uses. Only a proxy is answered, and only with a token that a node with the same {@code linkSecrets} has made.
 *
 * <p>Thread-safe.
 */
public final class DeliveryCheckResource implements Inflector<ContainerRequestContext, Response> {
    /** Path parameter with what the check has made up. */
    public static final String TOKEN = "token";

    private final RequestOrigin gate;
    private final NextLinks links;
    private final Duration keepAlive;

    /** @param links has made the token, here or on another node */
    public DeliveryCheckResource(RequestOrigin gate, NextLinks links, Duration keepAlive) {
        this.gate = gate;
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
        // the cheaper check is the first
        if (token == null || !links.isCheckToken(token) || gate.sender(request) != RequestOrigin.Sender.PROXY) {
            return Refusal.forbidden();
        }
        Response.ResponseBuilder answer =
                Response.ok(EventStreamEncoder.encode(new StreamFrame.KeepAlive()), MediaType.SERVER_SENT_EVENTS_TYPE);
        List<GripHeaders.Header> headers = GripHeaders.holdUnstored(channel(token), keepAlive);
        headers.forEach(header -> answer.header(header.name(), header.value()));
        return answer.build();
    }
}
