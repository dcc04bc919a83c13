package dev.eventstream.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.Ticker;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.http.Refusals.Cause;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.EventStoreException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.glassfish.jersey.process.Inflector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events that other programs post: one JSON object or an array of objects in one transaction, or any number of lines
 * with one object each ({@link #LINES}).
 *
 * <p>Answers JSON with 201 with {@code {"id"}} for each event, null if its channel is not stored; 400 for any other body; 401 without
 * one of the configured bearer tokens; 403 for a channel to which the token does not allow sending; 409 for a finished channel; 413
 * if the body is too long; 429 if the token sends too fast; 503 if the log cannot be written.
 *
 * <p>Answers lines with 200 and a line for each: {@code {"id"}} or {@code {"error"}}. A token that sends too fast gets 429 only at
 * the beginning; later, its lines are read more slowly.
 *
 * <p>Thread-safe.
 */
public final class PublishResource implements Inflector<ContainerRequestContext, Response> {
    /** The type of a body of lines. */
    public static final MediaType LINES = LinePosts.NDJSON;

    /** Most events in one JSON body. */
    static final int MAX_EVENTS = 1_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(PublishResource.class);
    private static final String CHALLENGE = "Bearer realm=\"events\"";

    private final EventPublisher publisher;
    private final PublishAccess access;
    private final CrossSiteCheck sites;
    private final int maxBodyBytes;
    private final LinePosts linePosts;
    private final RateLimitedLog refusals;
    private final FailureLog failures;

    /**
     * @param access decides what a program may send
     * @param sites refuses posts of pages of other sites
     * @param maxBodyBytes the longest JSON body or line that is accepted
     * @param linePosts runs posts of lines, and refuses them beyond a limit
     */
    public PublishResource(
            EventPublisher publisher,
            PublishAccess access,
            CrossSiteCheck sites,
            int maxBodyBytes,
            Executor linePosts) {
        this.publisher = publisher;
        this.access = access;
        this.sites = sites;
        this.maxBodyBytes = maxBodyBytes;
        this.linePosts = new LinePosts(publisher, access, maxBodyBytes, linePosts);
        this.refusals = new RateLimitedLog(Ticker.systemTicker());
        this.failures = new FailureLog("Posted events", Ticker.systemTicker());
    }

    /** Ends posts of lines after the lines that they have read, because the server is about to stop. Waits a second at most. */
    public void stop() {
        linePosts.stop();
    }

    @Override
    public Response apply(ContainerRequestContext request) {
        if (sites.refuses(request)) {
            return withUnreadBody(
                    Response.status(Response.Status.FORBIDDEN),
                    "A page of another site made a browser send this post; eventStream.cors does not allow its"
                            + " origin.");
        }
        Optional<String> shown = PublishAccess.bearerToken(request.getHeaderString(HttpHeaders.AUTHORIZATION));
        if (shown.isEmpty()) {
            count(Cause.PUBLISH_TOKEN);
            return unauthorized(
                    CHALLENGE, "No bearer token was sent; this address needs the header Authorization: Bearer TOKEN.");
        }
        Optional<PublishToken> token = access.find(shown.get());
        if (token.isEmpty()) {
            count(Cause.PUBLISH_TOKEN);
            refusals.warn(LOGGER, "A post was refused: {}", "its bearer token is not in eventStream.publish");
            return unauthorized(CHALLENGE + ", error=\"invalid_token\"", "The bearer token is not valid here.");
        }
        if (access.isTooFast(token.get())) {
            return tooFast(token.get());
        }
        return isLines(request)
                ? linePosts.begin(request, token.get()).orElseGet(this::busy)
                : answer(request, token.get());
    }

    private static boolean isLines(ContainerRequestContext request) {
        MediaType type = request.getMediaType();
        return type != null && LINES.isCompatible(type);
    }

    private Response tooFast(PublishToken token) {
        refusals.warn(LOGGER, "Posts are refused, because they come too fast: their token is {}", token.name());
        return withUnreadBody(
                Response.status(Response.Status.TOO_MANY_REQUESTS)
                        .header(
                                HttpHeaders.RETRY_AFTER,
                                token.untilAvailable().plusMillis(999).toSeconds()),
                "This token sends too fast (eventStream.limits.publishEventsPerSecond and publishBytesPerSecond);"
                        + " try again later.");
    }

    private Response busy() {
        count(Cause.PUBLISH_AT_ONCE);
        return withUnreadBody(
                Response.status(Response.Status.SERVICE_UNAVAILABLE).header(HttpHeaders.RETRY_AFTER, 1),
                "This node reads as many posts of lines as it can; try again later.");
    }

    private Response answer(ContainerRequestContext request, PublishToken token) {
        try {
            byte[] body = request.getEntityStream().readNBytes(maxBodyBytes + 1);
            token.countBytes(body.length);
            return body.length > maxBodyBytes ? tooLong() : send(PostedJson.parse(body, 0, body.length), token);
        } catch (JsonProcessingException e) {
            return badRequest("The body is not valid JSON.");
        } catch (IllegalArgumentException e) {
            return badRequest(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return badRequest("The body could not be read.");
        } catch (ChannelFinishedException e) {
            count(Cause.PUBLISH_FINISHED);
            return error(Response.status(Response.Status.CONFLICT), String.valueOf(e.getMessage()));
        } catch (EventStoreException e) {
            count(Cause.PUBLISH_FAILED);
            failures.failed(LOGGER, e);
            return error(
                    Response.status(Response.Status.SERVICE_UNAVAILABLE),
                    e.outcome() == EventStoreException.Outcome.NOT_STORED
                            ? "The events were not sent; try again."
                            : "It is unknown whether the events were sent; try again with the same idempotency keys.");
        } catch (RuntimeException e) {
            count(Cause.PUBLISH_FAILED);
            failures.failed(LOGGER, e);
            return error(
                    Response.status(Response.Status.INTERNAL_SERVER_ERROR),
                    "The service failed; the reason is in its log.");
        }
    }

    private Response tooLong() {
        count(Cause.PUBLISH_INVALID);
        return error(
                Response.status(Response.Status.REQUEST_ENTITY_TOO_LARGE),
                "The body has more than " + maxBodyBytes + " bytes (eventStream.publish.maxBodyBytes).");
    }

    private void count(Cause cause) {
        access.refusals().count(cause);
    }

    private static Response unauthorized(String challenge, String text) {
        return withUnreadBody(
                Response.status(Response.Status.UNAUTHORIZED).header(HttpHeaders.WWW_AUTHENTICATE, challenge), text);
    }

    // the server may close the connection: a client that does not know would lose its next request
    private static Response withUnreadBody(Response.ResponseBuilder response, String text) {
        return error(response.header("Connection", "close"), text);
    }

    private Response send(JsonNode body, PublishToken token) {
        List<NewEvent> events = new ArrayList<>();
        if (body.isArray()) {
            body.forEach(node -> events.add(PostedJson.event(node, "event " + events.size() + ": ")));
        } else {
            events.add(PostedJson.event(body, ""));
        }
        if (events.isEmpty() || events.size() > MAX_EVENTS) {
            throw new IllegalArgumentException(
                    "the body has " + events.size() + " events; allowed are 1 to " + MAX_EVENTS);
        }
        Optional<Integer> forbidden = access.firstForbidden(token, events);
        if (forbidden.isPresent()) {
            return error(
                    Response.status(Response.Status.FORBIDDEN),
                    (body.isArray() ? "event " + forbidden.get() + ": " : "") + PublishAccess.FORBIDDEN);
        }
        List<Event> sent = publisher.send(events);
        failures.succeeded(LOGGER);
        return Response.status(Response.Status.CREATED)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity((body.isArray() ? PostedJson.ids(sent) : PostedJson.id(sent.get(0))).toString())
                .build();
    }

    private Response badRequest(String text) {
        count(Cause.PUBLISH_INVALID);
        return error(Response.status(Response.Status.BAD_REQUEST), text);
    }

    private static Response error(Response.ResponseBuilder response, String text) {
        return response.type(MediaType.APPLICATION_JSON_TYPE)
                .entity(PostedJson.object("message", text).toString())
                .build();
    }
}
