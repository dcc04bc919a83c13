package dev.eventstream.http;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import com.google.common.primitives.Bytes;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.ReadersByName;
import dev.eventstream.event.EventId;
import dev.eventstream.event.LastEventId;
import dev.eventstream.grip.ContentFilter;
import dev.eventstream.grip.GripHeaders;
import dev.eventstream.grip.GripLast;
import dev.eventstream.grip.LinkBudget;
import dev.eventstream.grip.NextLink;
import dev.eventstream.grip.NextLinks;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.HoldInstruction;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.stream.StreamFrame.Condition;
import dev.eventstream.subscriber.StreamStart;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers for streams that a GRIP proxy holds: their beginning, and what the proxy asks for next.
 *
 * <p>A held answer passes the proxy's {@code build-id} filter, so it is escaped, and stays below what the proxy takes of
 * such. What is longer goes out in pages: answers that hold nothing and name no channel, which no filter touches, whatever
 * the version of the proxy; the last of them is followed by an empty one that holds. So what is in force at the proxy is
 * always known from the step that the link names (decision 12).
 *
 * <p>Thread-safe.
 */
public final class ProxiedStreams {
    /** Bytes of an answer that holds; Pushpin 1.36 refuses more than 100,000 with {@code build-id}. */
    static final int MAX_HELD_BYTES = 90_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(ProxiedStreams.class);
    private static final RateLimitedLog REFUSALS = new RateLimitedLog();

    /** What a request of a proxy's has in its head besides the link and the positions. */
    private static final int OTHER_REQUEST_BYTES = 1_024;

    private static final EventId LONGEST_PLACE = new EventId("x".repeat(16), EventId.MAX_SEQUENCE);

    private final ProxiedStreamSettings settings;
    private final NextLinks links;
    private final LinkBudget budget;
    private final StreamStart catchUp;
    private final ChannelAuthorizer authorizer;
    private final ReadersByName readers;

    /**
     * @param readers finds those whom a link names
     */
    public ProxiedStreams(
            ProxiedStreamSettings settings,
            NextLinks links,
            LinkBudget budget,
            StreamStart catchUp,
            ChannelAuthorizer authorizer,
            ReadersByName readers) {
        this.settings = settings;
        this.links = links;
        this.budget = budget;
        this.catchUp = catchUp;
        this.authorizer = authorizer;
        this.readers = readers;
    }

    // ---- beginning

    /**
     * Refuses what a proxy cannot hold.
     *
     * @throws StreamRefusedException if there are too many channels, their names are too long, or the user's name is one
     *     that no link can carry
     */
    void check(Reader reader, List<ChannelName> channels) {
        if (reader.user().filter(user -> !PlainText.isUnicode(user)).isPresent()) {
            throw badRequest("the name of the user has half a surrogate pair, which a proxy cannot be told");
        }
        int subscriptions = channels.size() + (reader.user().isPresent() ? 1 : 0);
        if (subscriptions > settings.maxSubscriptions()) {
            throw badRequest(channels.size() + " channels"
                    + (reader.user().isPresent() ? " and the one of the user" : "")
                    + " are asked for; a proxy holds " + settings.maxSubscriptions()
                    + " on one stream (eventStream.grip.maxSubscriptions)");
        }
        long head = recoverHead(reader, channels);
        if (head > settings.maxRequestHead()) {
            throw badRequest(
                    "the names of these channels are too long together: a proxy's requests for them would have "
                            + head + " bytes in their heads; this service takes " + settings.maxRequestHead()
                            + " (server.applicationConnectors[].maxRequestHeaderSize)");
        }
    }

    private static StreamRefusedException badRequest(String text) {
        return new StreamRefusedException(Condition.BAD_REQUEST, text, List.of());
    }

    // the longest request that follows is that for a page: its link has positions, and the proxy adds those that it
    // knows
    private long recoverHead(Reader reader, List<ChannelName> channels) {
        Map<ChannelName, EventId> positions = channels.stream().collect(toMap(identity(), channel -> LONGEST_PLACE));
        NextLink page = NextLink.recover(reader.user().orElse(null), channels, List.of())
                .then(NextLink.Step.PAGE, LastEventId.of(positions));
        return address(links.sign(page)).length()
                + channels.stream()
                        .mapToLong(
                                channel -> GripLast.line(channel, LONGEST_PLACE).length())
                        .sum()
                + OTHER_REQUEST_BYTES;
    }

    /**
     * Begins a stream that was checked.
     *
     * @param open the first frame
     * @param missed what follows it
     */
    Response begin(Reader reader, List<ChannelName> channels, byte[] open, StreamStart.Missed missed) {
        List<ChannelName> stored = catchUp.stored(channels);
        NextLink link = NextLink.recover(
                reader.user().orElse(null),
                stored,
                channels.stream().filter(channel -> !stored.contains(channel)).toList());
        return answer(link, reader, missed, Bytes.concat(open, missed.frames()))
                .orElseGet(() -> page(
                        link.then(missed.hasMore() ? NextLink.Step.PAGE : NextLink.Step.HOLD, missed.position()),
                        Bytes.concat(open, missed.frames())));
    }

    /** The answer that holds; empty if it cannot, because more was missed or too much. */
    private Optional<Response> answer(NextLink link, Reader reader, StreamStart.Missed missed, byte[] body) {
        byte[] escaped = ContentFilter.escape(body);
        return missed.hasMore() || escaped.length > MAX_HELD_BYTES
                ? Optional.empty()
                : Optional.of(hold(link, reader, missed.position(), escaped));
    }

    // ---- next

    /**
     * Answers what a proxy asks for next.
     *
     * @param digest from the path
     * @param token from the query
     * @param gripLast the values of all {@code Grip-Last} headers
     */
    Response next(String digest, String token, List<String> gripLast) {
        NextLinks.Verified verified = links.verify(digest, token);
        return verified instanceof NextLinks.Verified.Refused refused
                ? refused(refused.reason())
                : next(((NextLinks.Verified.Good) verified).link(), gripLast);
    }

    private Response next(NextLink link, List<String> gripLast) {
        if (!catchUp.stored(link.channels()).equals(link.stored())) {
            return refused("eventStream.unstored has changed");
        }
        String user = link.user();
        Optional<Reader> found = user == null ? Optional.of(Reader.anonymous()) : readers.find(user);
        List<ChannelName> forbidden = link.channels().stream()
                .filter(channel -> found.isEmpty() || !authorizer.mayRead(found.get(), channel))
                .toList();
        if (found.isEmpty() || !forbidden.isEmpty()) {
            return farewell(user, forbidden);
        }
        Reader reader = found.get();
        return switch (link.step()) {
            case RECOVER -> recover(link, reader, gripLast);
            case PAGE -> nextPage(link, reader);
            case HOLD -> hold(link.then(NextLink.Step.RECOVER, link.position()), reader, link.position(), new byte[0]);
        };
    }

    private Response recover(NextLink link, Reader reader, List<String> gripLast) {
        LastEventId position = position(gripLast).onlyIn(link.stored());
        if (position.positions().size() < link.stored().size()) {
            REFUSALS.warn(
                    LOGGER,
                    "A proxy's request for what follows a held stream does not say where the stream stands: {}",
                    link.channels());
            return Refusal.forbidden();
        }
        StreamStart.Missed missed = catchUp.after(position, link.stored(), reader);
        return answer(link, reader, missed, missed.frames())
                .orElseGet(() -> page(link.then(NextLink.Step.PAGE, position), new byte[0]));
    }

    private static LastEventId position(List<String> gripLast) {
        try {
            return GripLast.parse(gripLast);
        } catch (IllegalArgumentException e) {
            REFUSALS.warn(
                    LOGGER,
                    "A proxy says in a way that cannot be read where a stream stands: {}",
                    String.valueOf(e.getMessage()));
            return LastEventId.EMPTY;
        }
    }

    private Response nextPage(NextLink link, Reader reader) {
        StreamStart.Missed missed = catchUp.after(link.position(), link.stored(), reader);
        return page(
                link.then(missed.hasMore() ? NextLink.Step.PAGE : NextLink.Step.HOLD, missed.position()),
                missed.frames());
    }

    // ---- answers

    private Response hold(NextLink link, Reader reader, LastEventId position, byte[] escaped) {
        NextLinks.Signed signed = links.sign(link);
        return stream(
                GripHeaders.hold(
                        new HoldInstruction(link.channels(), position, reader),
                        settings.keepAlive(),
                        new GripHeaders.Next(address(signed), budget.timeoutOf(signed))),
                escaped);
    }

    private Response page(NextLink link, byte[] body) {
        return stream(GripHeaders.page(address(links.sign(link))), body);
    }

    private static Response farewell(@Nullable String user, List<ChannelName> forbidden) {
        LOGGER.info(
                "{} may not read channels={} any longer; a proxy ends the stream",
                user == null ? "anonymous" : "user " + PlainText.quote(user),
                forbidden);
        String frame = new String(
                EventStreamEncoder.encode(new StreamFrame.StreamError(
                        Condition.FORBIDDEN, "You may not read these channels any longer.", forbidden)),
                StandardCharsets.UTF_8);
        // whether a filter is in force depends on the proxy's version here; JSON can do without the bare character
        return stream(List.of(), frame.replace("%", "\\u0025").getBytes(StandardCharsets.UTF_8));
    }

    // neither held nor an error: the proxy ends the stream in good order, and its client comes back with its
    // credentials
    private static Response refused(String reason) {
        REFUSALS.warn(
                LOGGER, "A proxy's next link is not honoured, its streams end and their clients come back: {}", reason);
        return stream(
                List.of(),
                ": this link is not valid; the stream ends, and its client comes back\n\n"
                        .getBytes(StandardCharsets.UTF_8));
    }

    private String address(NextLinks.Signed link) {
        return settings.nextAddress() + '/' + link.digest() + '?' + NextLinks.PARAMETER + '=' + link.token();
    }

    private static Response stream(List<GripHeaders.Header> headers, byte[] body) {
        Response.ResponseBuilder answer = Response.ok(body, MediaType.SERVER_SENT_EVENTS_TYPE);
        headers.forEach(header -> answer.header(header.name(), header.value()));
        return answer.build();
    }
}
