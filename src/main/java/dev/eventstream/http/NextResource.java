package dev.eventstream.http;

import com.google.common.base.Ticker;
import dev.eventstream.grip.GripLast;
import dev.eventstream.grip.NextLinks;
import dev.eventstream.hold.OnePiece;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.glassfish.jersey.process.Inflector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a proxy's requests for what comes next on the streams that it holds. Other requests get 403 with an empty body.
 *
 * <p>If the log fails, the answer is 503. The proxy then asks again after 1, 2, 4, 8 and 16 seconds before it ends the streams
 * (Pushpin 1.36, measured), and their clients come back. If the authorizer fails, the streams end at once with
 * {@code internal-error}, and their clients come back.
 *
 * <p>Thread-safe.
 */
public final class NextResource implements Inflector<ContainerRequestContext, Response> {
    /** Path parameter with the link's digest. */
    public static final String DIGEST = "digest";

    private static final Logger LOGGER = LoggerFactory.getLogger(NextResource.class);

    private final RequestOrigin origin;
    private final FailureLog failures;

    /** @param ticker measures how long requests have succeeded again after failures */
    public NextResource(RequestOrigin origin, Ticker ticker) {
        this.origin = origin;
        this.failures = new FailureLog("Requests of proxies for what comes next", ticker);
    }

    @Override
    public Response apply(ContainerRequestContext request) {
        if (origin.sender(request) != RequestOrigin.Sender.PROXY) {
            return Refusal.forbidden();
        }
        request.setProperty(OnePiece.ATTRIBUTE, true); // Pushpin does not notice that an answer is truncated
        try {
            Response answer = origin.streams()
                    .next(
                            last(request.getUriInfo().getPathParameters().get(DIGEST)),
                            last(request.getUriInfo().getQueryParameters().get(NextLinks.PARAMETER)),
                            request.getHeaders().getOrDefault(GripLast.HEADER, List.of()));
            failures.succeeded(LOGGER);
            return answer;
        } catch (RightsUnknownException e) {
            failures.failed(LOGGER, e.getCause() == null ? e : e.getCause());
            return ProxiedAnswers.internalError();
        } catch (RuntimeException e) {
            failures.failed(LOGGER, e);
            return Response.status(Response.Status.SERVICE_UNAVAILABLE).build();
        }
    }

    private static String last(@Nullable List<String> values) {
        return values == null || values.isEmpty() ? "" : values.get(values.size() - 1);
    }
}
