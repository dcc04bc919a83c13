package dev.eventstream.http;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ticker;
import dev.eventstream.event.Event;
import dev.eventstream.event.NewEvent;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.store.ChannelFinishedException;
import dev.eventstream.store.EventStoreException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.glassfish.jersey.process.Inflector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events that other programs post: {@code {"channel","type","data"}} or an array of such objects, in one transaction.
 * {@code data} is any JSON; {@code text} instead of it is sent unchanged. {@code type} defaults to {@code message}.
 * {@code skipUsers} (an array) and {@code idempotencyKey} are optional.
 *
 * <p>Answers 201 with {@code {"id"}} for each event, null if its channel is not stored; 400 for any other body; 401 without
 * one of the configured bearer tokens; 403 for a channel to which the token does not allow sending; 409 for a finished channel; 413
 * if the body is too long; 429 if the token sends too fast; 503 if the log cannot be written.
 *
 * <p>Thread-safe.
 */
public final class PublishResource implements Inflector<ContainerRequestContext, Response> {
    /** Most events in one request. */
    static final int MAX_EVENTS = 1_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(PublishResource.class);
    private static final String CHALLENGE = "Bearer realm=\"events\"";
    private static final List<String> FIELDS =
            List.of("channel", "data", "idempotencyKey", "skipUsers", "text", "type");

    // numbers keep every digit; duplicate fields and trailing text are errors
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final EventPublisher publisher;
    private final PublishAccess access;
    private final CrossSiteCheck sites;
    private final int maxBodyBytes;
    private final RateLimitedLog refusals;
    private final FailureLog failures;

    /**
     * @param access decides what a program may send
     * @param sites refuses posts of pages of other sites
     * @param maxBodyBytes the longest body that is accepted
     */
    public PublishResource(EventPublisher publisher, PublishAccess access, CrossSiteCheck sites, int maxBodyBytes) {
        this.publisher = publisher;
        this.access = access;
        this.sites = sites;
        this.maxBodyBytes = maxBodyBytes;
        this.refusals = new RateLimitedLog(Ticker.systemTicker());
        this.failures = new FailureLog("Posted events", Ticker.systemTicker());
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
            return unauthorized(
                    CHALLENGE, "No bearer token was sent; this address needs the header Authorization: Bearer TOKEN.");
        }
        Optional<PublishToken> token = access.find(shown.get());
        if (token.isEmpty()) {
            refusals.warn(LOGGER, "A post was refused: {}", "its bearer token is not in eventStream.publish");
            return unauthorized(CHALLENGE + ", error=\"invalid_token\"", "The bearer token is not valid here.");
        }
        return access.isTooFast(token.get()) ? tooFast(token.get()) : answer(request, token.get());
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

    private Response answer(ContainerRequestContext request, PublishToken token) {
        try {
            byte[] body = request.getEntityStream().readNBytes(maxBodyBytes + 1);
            token.countBytes(body.length);
            return body.length > maxBodyBytes
                    ? error(
                            Response.status(Response.Status.REQUEST_ENTITY_TOO_LARGE),
                            "The body has more than " + maxBodyBytes + " bytes (eventStream.publish.maxBodyBytes).")
                    : send(parse(body), token);
        } catch (JsonProcessingException e) {
            return badRequest("The body is not valid JSON.");
        } catch (IllegalArgumentException e) {
            return badRequest(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return badRequest("The body could not be read.");
        } catch (ChannelFinishedException e) {
            return error(Response.status(Response.Status.CONFLICT), String.valueOf(e.getMessage()));
        } catch (EventStoreException e) {
            failures.failed(LOGGER, e);
            return error(
                    Response.status(Response.Status.SERVICE_UNAVAILABLE),
                    e.outcome() == EventStoreException.Outcome.NOT_STORED
                            ? "The events were not sent; try again."
                            : "It is unknown whether the events were sent; try again with the same idempotency keys.");
        } catch (RuntimeException e) {
            failures.failed(LOGGER, e);
            return error(
                    Response.status(Response.Status.INTERNAL_SERVER_ERROR),
                    "The service failed; the reason is in its log.");
        }
    }

    private static Response unauthorized(String challenge, String text) {
        return withUnreadBody(
                Response.status(Response.Status.UNAUTHORIZED).header(HttpHeaders.WWW_AUTHENTICATE, challenge), text);
    }

    // the server may close the connection: a client that does not know would lose its next request
    private static Response withUnreadBody(Response.ResponseBuilder response, String text) {
        return error(response.header("Connection", "close"), text);
    }

    private static JsonNode parse(byte[] body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (IllegalArgumentException e) {
            // Jackson throws it for a number whose exponent is out of range; the message quotes the number
            throw new JsonParseException(null, "a number that cannot be read", e);
        }
    }

    private Response send(JsonNode body, PublishToken token) {
        List<NewEvent> events = new ArrayList<>();
        if (body.isArray()) {
            body.forEach(node -> events.add(event(node, "event " + events.size() + ": ")));
        } else {
            events.add(event(body, ""));
        }
        if (events.isEmpty() || events.size() > MAX_EVENTS) {
            throw new IllegalArgumentException(
                    "the body has " + events.size() + " events; allowed are 1 to " + MAX_EVENTS);
        }
        Optional<Integer> forbidden = access.firstForbidden(token, events);
        if (forbidden.isPresent()) {
            return error(
                    Response.status(Response.Status.FORBIDDEN),
                    (body.isArray() ? "event " + forbidden.get() + ": " : "")
                            + "this token may not send to that channel (eventStream.publish.senders[].channels)");
        }
        List<Event> sent = publisher.send(events);
        failures.succeeded(LOGGER);
        ArrayNode answer = JSON.createArrayNode();
        sent.forEach(event -> answer.add(id(event)));
        return Response.status(Response.Status.CREATED)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity((body.isArray() ? answer : answer.get(0)).toString())
                .build();
    }

    private static ObjectNode id(Event event) {
        ObjectNode node = JSON.createObjectNode();
        return event.isStored() ? node.put("id", event.id().toString()) : node.putNull("id");
    }

    private static NewEvent event(JsonNode node, String where) {
        try {
            checkFields(node);
            String data = node.has("text") ? field(node, "text") : JSON.writeValueAsString(node.get("data"));
            NewEvent event =
                    NewEvent.text(field(node, "channel"), node.has("type") ? field(node, "type") : "message", data);
            for (JsonNode user : node.path("skipUsers")) {
                event = event.skippingUser(string(user, "every entry of skipUsers"));
            }
            return node.has("idempotencyKey") ? event.withIdempotencyKey(field(node, "idempotencyKey")) : event;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + e.getMessage(), e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(where + "data cannot be written", e);
        }
    }

    private static void checkFields(JsonNode node) {
        if (!node.isObject()) {
            throw new IllegalArgumentException("an event must be an object with channel, type and data");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            if (!FIELDS.contains(names.next())) {
                throw new IllegalArgumentException(
                        "an event has an unknown field; allowed are " + String.join(", ", FIELDS));
            }
        }
        if (node.has("data") == node.has("text")) {
            throw new IllegalArgumentException("an event needs either data (any JSON) or text");
        }
        if (node.has("skipUsers") && !node.get("skipUsers").isArray()) {
            throw new IllegalArgumentException("skipUsers must be an array of user names");
        }
    }

    private static String field(JsonNode node, String name) {
        return string(node.path(name), name);
    }

    private static String string(JsonNode value, String name) {
        if (!value.isTextual()) {
            throw new IllegalArgumentException(name + " must be a string");
        }
        return value.textValue();
    }

    private static Response badRequest(String text) {
        return error(Response.status(Response.Status.BAD_REQUEST), text);
    }

    private static Response error(Response.ResponseBuilder response, String text) {
        return response.type(MediaType.APPLICATION_JSON_TYPE)
                .entity(JSON.createObjectNode().put("message", text).toString())
                .build();
    }
}
