package dev.eventstream.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.presence.Presence;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.glassfish.jersey.process.Inflector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers who is reading a channel: {@code GET …?channel=NAME}. A reader who may read the channel gets the number of its readers, and
 * their names if the authorizer permits it.
 *
 * <p>Thread-safe.
 */
public final class PresenceResource implements Inflector<ContainerRequestContext, Response> {
    /** An answer has at most {@value} names. */
    static final int MAX_NAMES = 10_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(PresenceResource.class);
    private static final String PARAMETER = "channel";

    private final Function<ChannelName, Presence> presence;
    private final ChannelAuthorizer authorizer;
    private final ReaderAuthentication authentication;
    private final CrossSiteCheck sites;
    private final RequestOrigin origin;
    private final FailureLog failures;

    /**
     * @param presence finds who is reading a channel, and throws {@link IllegalArgumentException} if its readers are not counted
     * @param sites refuses requests of pages of other sites
     * @param origin recognises requests that are not served
     * @param ticker measures how long requests have succeeded again after failures
     */
    public PresenceResource(
            Function<ChannelName, Presence> presence,
            ChannelAuthorizer authorizer,
            ReaderAuthentication authentication,
            CrossSiteCheck sites,
            RequestOrigin origin,
            Ticker ticker) {
        this.presence = presence;
        this.authorizer = authorizer;
        this.authentication = authentication;
        this.sites = sites;
        this.origin = origin;
        this.failures = new FailureLog("Questions about presence", ticker);
    }

    @Override
    public Response apply(ContainerRequestContext request) {
        if (origin.sender(request) == RequestOrigin.Sender.REFUSED) {
            return Refusal.forbidden();
        }
        try {
            Response answer = authenticate(request);
            failures.succeeded(LOGGER);
            return answer;
        } catch (WebApplicationException e) {
            return ReaderAuthentication.isFailure(e) ? failed(e) : e.getResponse();
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    private Response failed(RuntimeException failure) {
        failures.failed(LOGGER, failure);
        return error(Response.Status.INTERNAL_SERVER_ERROR, "The service failed; the reason is in its log.");
    }

    private Response authenticate(ContainerRequestContext request) {
        Reader reader = authentication.reader(request);
        Instant unused = authentication.validUntil(reader);
        if (reader.principal().isPresent() && sites.refuses(request)) {
            return error(
                    Response.Status.FORBIDDEN,
                    "A page of another site sent this request with a user's credentials; eventStream.cors does not allow"
                            + " its origin.");
        }
        ChannelName channel;
        try {
            channel = channel(request);
        } catch (IllegalArgumentException e) {
            return error(Response.Status.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        return authorizer.mayRead(reader, channel)
                ? answer(reader, channel)
                : error(Response.Status.FORBIDDEN, "You may not read this channel.");
    }

    private static ChannelName channel(ContainerRequestContext request) {
        List<String> named = request.getUriInfo().getQueryParameters().getOrDefault(PARAMETER, List.of());
        if (named.size() != 1) {
            throw new IllegalArgumentException(
                    "the address names " + named.size() + " channels; allowed is one, as in ?" + PARAMETER + "=NAME");
        }
        return new ChannelName(named.get(0));
    }

    private Response answer(Reader reader, ChannelName channel) {
        Presence found;
        try {
            found = presence.apply(channel);
        } catch (IllegalArgumentException e) {
            return error(Response.Status.NOT_FOUND, String.valueOf(e.getMessage()));
        }
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("channel", channel.value())
                .put("readers", found.readers())
                .put("streams", found.streams())
                .put("complete", found.isComplete());
        if (authorizer.mayReadPresence(reader, channel)) {
            ArrayNode users = body.putArray("users");
            found.users().stream().limit(MAX_NAMES).forEach(users::add);
        }
        return json(Response.Status.OK, body);
    }

    private static Response error(Response.Status status, String text) {
        return json(status, JsonNodeFactory.instance.objectNode().put("message", text));
    }

    private static Response json(Response.Status status, ObjectNode body) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, NoStoreFilter.NO_STORE)
                .entity(body.toString())
                .build();
    }
}
