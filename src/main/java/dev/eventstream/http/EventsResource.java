package dev.eventstream.http;

import com.google.common.base.Ticker;
import com.google.common.primitives.Bytes;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.BadLastEventIdException;
import dev.eventstream.event.LastEventId;
import dev.eventstream.hold.HeldAnswer;
import dev.eventstream.stream.Admission;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.HoldInstruction;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.stream.StreamFrame.Condition;
import dev.eventstream.subscriber.StreamStart;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import org.glassfish.jersey.process.Inflector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET} and {@code HEAD} on one route: identifies the reader, checks the channels and the position, and begins
 * the stream.
 *
 * <p>Thread-safe.
 */
public final class EventsResource implements Inflector<ContainerRequestContext, Response> {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventsResource.class);
    private static final String LAST_EVENT_ID_HEADER = "Last-Event-ID";
    private static final String LAST_EVENT_ID_PARAMETER = "lastEventId";

    private final StreamRoute route;
    private final StreamSettings settings;
    private final ReaderAuthentication authentication;
    private final ChannelAccess access;
    private final StreamStart catchUp;
    private final IntSupplier openStreams;
    private final RequestOrigin origin;
    private final FailureLog failures;

    /**
     * @param openStreams how many streams are open on this node
     * @param origin distinguishes requests of proxies from others
     */
    public EventsResource(
            StreamRoute route,
            StreamSettings settings,
            ReaderAuthentication authentication,
            ChannelAccess access,
            StreamStart catchUp,
            IntSupplier openStreams,
            RequestOrigin origin) {
        this.route = route;
        this.settings = settings;
        this.authentication = authentication;
        this.access = access;
        this.catchUp = catchUp;
        this.openStreams = openStreams;
        this.origin = origin;
        this.failures = new FailureLog("Streams on " + route.path(), Ticker.systemTicker());
    }

    @Override
    public Response apply(ContainerRequestContext request) {
        return switch (origin.sender(request)) {
            case CLIENT -> answer(request, false);
            case PROXY -> answer(request, true);
            case REFUSED -> Refusal.forbidden();
        };
    }

    private Response answer(ContainerRequestContext request, boolean proxied) {
        String asked = lastEventId(request);
        if (asked.equals(EventStreamEncoder.ERROR_ID)) {
            return comesBackFromError();
        }
        // before the auth filter and the authorizer, which may take longer than a full node can afford
        if (!proxied && isGet(request) && openStreams.getAsInt() >= settings.maxStreams()) {
            return full();
        }
        long requestedNanos = access.now();
        Reader reader;
        Admission admission;
        try {
            reader = authentication.reader(request);
            admission = new Admission(requestedNanos, authentication.validUntil(reader));
        } catch (WebApplicationException e) {
            return e.getResponse().getStatusInfo().getFamily() == Response.Status.Family.SERVER_ERROR
                    ? internalError(e)
                    : e.getResponse();
        } catch (RuntimeException e) {
            return internalError(e);
        }
        return answer(request, asked, reader, admission, proxied);
    }

    private Response answer(
            ContainerRequestContext request, String asked, Reader reader, Admission admission, boolean proxied) {
        try {
            List<ChannelName> channels = channels(request);
            access.check(reader, channels);
            LastEventId position = parse(asked);
            if (!isGet(request)) {
                return Response.ok().type(MediaType.SERVER_SENT_EVENTS_TYPE).build();
            }
            Response beginning = proxied
                    ? beginProxied(reader, admission, channels, position)
                    : beginDirect(request, reader, admission, channels, position);
            failures.succeeded(LOGGER);
            return beginning;
        } catch (StreamRefusedException e) {
            return stream(EventStreamEncoder.encode(e.frame()));
        } catch (RuntimeException e) {
            return internalError(e);
        }
    }

    private static boolean isGet(ContainerRequestContext request) {
        return request.getMethod().equals(HttpMethod.GET);
    }

    private static String lastEventId(ContainerRequestContext request) {
        String header = request.getHeaderString(LAST_EVENT_ID_HEADER);
        if (header != null && !header.isEmpty()) {
            return header;
        }
        return request.getUriInfo().getQueryParameters().getOrDefault(LAST_EVENT_ID_PARAMETER, List.of()).stream()
                .filter(value -> !value.isEmpty())
                .reduce("", (earlier, later) -> later);
    }

    private static LastEventId parse(String asked) {
        try {
            return LastEventId.parse(asked);
        } catch (BadLastEventIdException e) {
            throw new StreamRefusedException(Condition.BAD_REQUEST, String.valueOf(e.getMessage()), List.of());
        }
    }

    private List<ChannelName> channels(ContainerRequestContext request) {
        Set<ChannelName> channels;
        try {
            channels = route.channels(request.getUriInfo());
        } catch (IllegalArgumentException e) {
            throw new StreamRefusedException(Condition.BAD_REQUEST, String.valueOf(e.getMessage()), List.of());
        }
        if (channels.size() > settings.maxChannels()) {
            throw new StreamRefusedException(
                    Condition.BAD_REQUEST,
                    channels.size() + " channels are requested; this service allows " + settings.maxChannels()
                            + " on one stream (eventStream.limits.channelsPerStream)",
                    List.of());
        }
        return channels.stream().sorted().toList();
    }

    private Response beginDirect(
            ContainerRequestContext request,
            Reader reader,
            Admission admission,
            List<ChannelName> channels,
            LastEventId asked) {
        StreamStart.Beginning beginning = catchUp.begin(channels, asked, reader);
        HoldInstruction instruction =
                new HoldInstruction(channels, beginning.missed().position(), reader, admission);
        byte[] body = Bytes.concat(open(beginning), beginning.missed().frames());
        // the body goes with the instruction: written here, it would hold this thread until its client has read it
        request.setProperty(HeldAnswer.ATTRIBUTE, new HeldAnswer(instruction, body));
        return Response.ok().type(MediaType.SERVER_SENT_EVENTS_TYPE).build();
    }

    private Response beginProxied(Reader reader, Admission admission, List<ChannelName> channels, LastEventId asked) {
        ProxiedStreams proxied = origin.streams();
        proxied.check(reader, channels);
        StreamStart.Beginning beginning = catchUp.begin(channels, asked, reader);
        Response answer = proxied.begin(reader, admission.validUntil(), channels, open(beginning), beginning.missed());
        access.checkAgain(admission.requestedNanos(), reader, channels);
        return answer;
    }

    private byte[] open(StreamStart.Beginning beginning) {
        return EventStreamEncoder.encode(
                new StreamFrame.Open(settings.randomRetry(), settings.keepAlive(), beginning.start()));
    }

    private static Response comesBackFromError() {
        return Response.status(Response.Status.BAD_REQUEST)
                .type(MediaType.TEXT_PLAIN_TYPE)
                .entity("The stream ended with a stream-error that reconnecting does not fix.\n")
                .build();
    }

    private Response full() {
        return Response.status(Response.Status.SERVICE_UNAVAILABLE)
                .header(
                        HttpHeaders.RETRY_AFTER,
                        settings.randomRetry().plusMillis(999).toSeconds())
                .type(MediaType.TEXT_PLAIN_TYPE)
                .entity("This node cannot hold more streams (eventStream.limits.streams); try again later.\n")
                .build();
    }

    // without an id: a browser reconnects by itself, to a node or a database that may work by then
    private Response internalError(RuntimeException failure) {
        failures.failed(LOGGER, failure);
        return stream(EventStreamEncoder.encode(new StreamFrame.TemporaryFailure(
                settings.randomRetry(), "The service could not begin the stream; the reason is in its log.")));
    }

    private static Response stream(byte[] body) {
        return Response.ok(body, MediaType.SERVER_SENT_EVENTS_TYPE).build();
    }
}
