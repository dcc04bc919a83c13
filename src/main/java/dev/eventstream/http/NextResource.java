package dev.eventstream.http;

import dev.eventstream.grip.GripLast;
import dev.eventstream.grip.NextLinks;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.glassfish.jersey.process.Inflector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what a proxy asks for next on behalf of the streams that it holds. Nobody else may ask: such a request is answered
 * 403 with nothing in it.
 *
 * <p>If the log or the authorizer fails the answer is 503, and the proxy asks again after 1, 2, 4, 8 and 16 seconds before it
 * gives the streams up (Pushpin 1.36, measured); their clients come back then.
 *
 * <p>Thread-safe.
 */
public final class NextResource implements Inflector<ContainerRequestContext, Response> {
    /** Path parameter with the link's digest. */
    public static final String DIGEST = "digest";

    private static final Logger LOGGER = LoggerFactory.getLogger(NextResource.class);

    private final RequestOrigin gate;

    public NextResource(RequestOrigin gate) {
        this.gate = gate;
    }

    @Override
    public Response apply(ContainerRequestContext request) {
        if (gate.sender(request) != RequestOrigin.Sender.PROXY) {
            return Refusal.forbidden();
        }
        try {
            return gate.streams()
                    .next(
                            last(request.getUriInfo().getPathParameters().get(DIGEST)),
                            last(request.getUriInfo().getQueryParameters().get(NextLinks.PARAMETER)),
                            request.getHeaders().getOrDefault(GripLast.HEADER, List.of()));
        } catch (RuntimeException e) {
            LOGGER.error("What follows a stream that a proxy holds could not be found; the proxy asks again", e);
            return Response.status(Response.Status.SERVICE_UNAVAILABLE).build();
        }
    }

    private static String last(@Nullable List<String> values) {
        return values == null || values.isEmpty() ? "" : values.get(values.size() - 1);
    }
}
