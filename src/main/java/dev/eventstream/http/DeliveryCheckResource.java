package dev.eventstream.http;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.grip.GripHeaders;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.glassfish.jersey.process.Inflector;

/**
 * Begins the stream by which a health check sees whether events arrive through a proxy. It is held on a channel that nothing
 * else uses, whose name only the check knows; nobody but a proxy is answered.
 *
 * <p>Thread-safe.
 */
public final class DeliveryCheckResource implements Inflector<ContainerRequestContext, Response> {
    /** Path parameter with what the check has made up. */
    public static final String TOKEN = "token";

    private static final Pattern ALLOWED = Pattern.compile("[a-f0-9]{32}");

    private final RequestOrigin gate;
    private final Duration keepAlive;

    public DeliveryCheckResource(RequestOrigin gate, Duration keepAlive) {
        this.gate = gate;
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
        if (gate.sender(request) != RequestOrigin.Sender.PROXY
                || token == null
                || !ALLOWED.matcher(token).matches()) {
            return RequestOrigin.refusal();
        }
        Response.ResponseBuilder answer =
                Response.ok(EventStreamEncoder.encode(new StreamFrame.KeepAlive()), MediaType.SERVER_SENT_EVENTS_TYPE);
        List<GripHeaders.Header> headers = GripHeaders.holdUnstored(channel(token), keepAlive);
        headers.forEach(header -> answer.header(header.name(), header.value()));
        return answer.build();
    }
}
