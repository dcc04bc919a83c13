package dev.eventstream.http;

import com.google.common.base.Ticker;
import com.google.common.primitives.Bytes;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PercentEncoding;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.BadLastEventIdException;
import dev.eventstream.event.LastEventId;
import dev.eventstream.grip.NextLink;
import dev.eventstream.hold.HeldAnswer;
import dev.eventstream.http.Refusals.Cause;
import dev.eventstream.limit.LimitReachedException;
import dev.eventstream.limit.Occupancy;
import dev.eventstream.store.StartLimit;
import dev.eventstream.stream.Admission;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.HoldInstruction;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.stream.StreamFrame.Condition;
import dev.eventstream.stream.StreamOrigin;
import dev.eventstream.stream.StreamView;
import dev.eventstream.stream.TypeFilter;
import dev.eventstream.subscriber.StreamStart;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.glassfish.jersey.process.Inflector;
import org.jspecify.annotations.Nullable;
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
    private final StreamAdmission limits;
    private final CrossSiteCheck sites;
    private final RequestOrigin origin;
    private final Refusals refusals;
    private final Clock clock;
    private final FailureLog failures;

    /**
     * @param limits decide whether this node accepts another stream
     * @param sites refuses requests of pages of other sites
     * @param origin distinguishes requests of proxies from others
     * @param refusals counts the requests that are refused
     * @param clock from which an age counts
     */
    public EventsResource(
            StreamRoute route,
            StreamSettings settings,
            ReaderAuthentication authentication,
            ChannelAccess access,
            StreamStart catchUp,
            StreamAdmission limits,
            CrossSiteCheck sites,
            RequestOrigin origin,
            Refusals refusals,
            Clock clock) {
        this.route = route;
        this.settings = settings;
        this.authentication = authentication;
        this.access = access;
        this.catchUp = catchUp;
        this.limits = limits;
        this.sites = sites;
        this.origin = origin;
        this.refusals = refusals;
        this.clock = clock;
        this.failures = new FailureLog("Streams on " + route.path(), Ticker.systemTicker());
    }

    @Override
    public Response apply(ContainerRequestContext request) {
        return switch (origin.sender(request)) {
            case CLIENT -> answer(request, false);
            case PROXY -> answer(request, true);
            case REFUSED -> {
                refusals.count(Cause.SIGNATURE);
                yield Refusal.forbidden();
            }
        };
    }

    private Response answer(ContainerRequestContext request, boolean proxied) {
        String asked = lastEventId(request);
        if (asked.equals(EventStreamEncoder.ERROR_ID)) {
            refusals.count(Cause.AFTER_ERROR);
            return Refusal.afterError();
        }
        if (!isGet(request)) {
            return authenticate(request, asked, null, proxied);
        }
        try {
            // before the auth filter and the authorizer, which may take longer than a full node can afford
            return authenticate(request, asked, limits.admit(request, proxied), proxied);
        } catch (LimitReachedException e) {
            return limits.refuse(request, proxied, e);
        }
    }

    /** A request whose reader is known, with what it occupies of the limits; nothing if it is not a GET. */
    private record Known(
            Reader reader, Admission admission, @Nullable Occupancy occupancy) {}

    private Response authenticate(
            ContainerRequestContext request, String asked, @Nullable Occupancy occupancy, boolean proxied) {
        long requestedNanos = access.now();
        Known known;
        try {
            Reader reader = authentication.reader(request);
            known = new Known(reader, new Admission(requestedNanos, authentication.validUntil(reader)), occupancy);
        } catch (WebApplicationException e) {
            if (ReaderAuthentication.isFailure(e)) {
                return internalError(e);
            }
            refusals.count(Cause.UNAUTHORIZED);
            return e.getResponse();
        } catch (RuntimeException e) {
            return internalError(e);
        }
        return known.reader().principal().isPresent() && sites.refuses(request)
                ? Refusal.crossSite()
                : answer(request, asked, known, proxied);
    }

    private Response answer(ContainerRequestContext request, String asked, Known known, boolean proxied) {
        try {
            List<ChannelName> channels = channels(request, known.reader());
            access.check(known.reader(), channels);
            Wanted wanted = wanted(request, channels, asked);
            Occupancy occupancy = known.occupancy();
            if (occupancy == null) {
                return Response.ok().type(MediaType.SERVER_SENT_EVENTS_TYPE).build();
            }
            Response beginning =
                    proxied ? beginProxied(known, occupancy, wanted) : beginDirect(request, known, occupancy, wanted);
            failures.succeeded(LOGGER);
            return beginning;
        } catch (LimitReachedException e) {
            throw e;
        } catch (StreamRefusedException e) {
            refusals.count(e.isBadRequest() ? Cause.BAD_REQUEST : Cause.FORBIDDEN);
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
        // a query is already encoded; encoding names outside ASCII twice makes addresses too long
        return PercentEncoding.encodeNonAscii(
                request.getUriInfo().getQueryParameters().getOrDefault(LAST_EVENT_ID_PARAMETER, List.of()).stream()
                        .filter(value -> !value.isEmpty())
                        .reduce("", (earlier, later) -> later));
    }

    /** The stream that a request asks for: its channels, the position of a returning client or how far back to start, the types. */
    private record Wanted(List<ChannelName> channels, LastEventId position, StartLimit start, TypeFilter types) {}

    private Wanted wanted(ContainerRequestContext request, List<ChannelName> channels, String asked) {
        try {
            return new Wanted(
                    channels,
                    LastEventId.parse(asked),
                    route.start(request.getUriInfo(), clock.instant(), settings.maxCatchUp()),
                    route.types(request.getUriInfo()));
        } catch (BadLastEventIdException | IllegalArgumentException e) {
            throw badRequest(String.valueOf(e.getMessage()));
        }
    }

    private List<ChannelName> channels(ContainerRequestContext request, Reader reader) {
        Set<ChannelName> channels;
        try {
            channels = route.channels(request.getUriInfo(), reader);
        } catch (IllegalArgumentException e) {
            throw badRequest(String.valueOf(e.getMessage()));
        }
        if (channels.size() > settings.maxChannels()) {
            throw badRequest(channels.size() + " channels are requested; this service allows " + settings.maxChannels()
                    + " on one stream (eventStream.limits.channelsPerStream)");
        }
        return channels.stream().sorted().toList();
    }

    private static StreamRefusedException badRequest(String text) {
        return new StreamRefusedException(Condition.BAD_REQUEST, text, List.of());
    }

    private Response beginDirect(ContainerRequestContext request, Known known, Occupancy occupancy, Wanted wanted) {
        StreamView view = new StreamView(known.reader(), wanted.types());
        limits.admitDirect(occupancy, view, wanted.channels());
        StreamStart.Beginning beginning = begin(wanted, view);
        if (beginning.isBehindEnd(wanted.position())) {
            return nothingLeft();
        }
        StreamOrigin origin = new StreamOrigin(
                occupancy.address().text(),
                beginning.start(),
                beginning.missed().resets());
        HoldInstruction instruction =
                new HoldInstruction(wanted.channels(), beginning.missed().position(), view, known.admission(), origin);
        byte[] body = Bytes.concat(open(beginning), beginning.missed().frames());
        // the body goes with the instruction: written here, it would hold this thread until its client has read it
        request.setProperty(HeldAnswer.ATTRIBUTE, new HeldAnswer(instruction, body));
        return Response.ok().type(MediaType.SERVER_SENT_EVENTS_TYPE).build();
    }

    private StreamStart.Beginning begin(Wanted wanted, StreamView view) {
        return catchUp.begin(wanted.channels(), wanted.position(), wanted.start(), view);
    }

    private Response beginProxied(Known known, Occupancy occupancy, Wanted wanted) {
        Reader reader = known.reader();
        List<ChannelName> channels = wanted.channels();
        ProxiedStreams proxied = origin.streams();
        StreamView view = new StreamView(reader, wanted.types());
        proxied.check(view, channels);
        limits.checkFeeds(channels);
        NextLink link = proxied.admit(view, known.admission().validUntil(), channels, occupancy.address());
        StreamStart.Beginning beginning = begin(wanted, view);
        Response answer = beginning.isBehindEnd(wanted.position())
                ? nothingLeft()
                : proxied.begin(link, reader, occupancy.address(), open(beginning), beginning.missed());
        access.checkAgain(known.admission().requestedNanos(), reader, channels);
        return answer;
    }

    /** For a client that comes back after {@code stream-end}: the only answer after which an EventSource stops without an error. */
    private static Response nothingLeft() {
        return Response.noContent().build();
    }

    private byte[] open(StreamStart.Beginning beginning) {
        return EventStreamEncoder.encode(
                new StreamFrame.Open(settings.randomRetry(), settings.keepAlive(), beginning.start()));
    }

    // without an id: a browser reconnects by itself, to a node or a database that may work by then
    private Response internalError(RuntimeException failure) {
        refusals.count(Cause.FAILED);
        failures.failed(LOGGER, failure);
        return stream(EventStreamEncoder.encode(new StreamFrame.TemporaryFailure(
                settings.randomRetry(), "The service could not begin the stream; the reason is in its log.")));
    }

    private static Response stream(byte[] body) {
        return Response.ok(body, MediaType.SERVER_SENT_EVENTS_TYPE).build();
    }
}
