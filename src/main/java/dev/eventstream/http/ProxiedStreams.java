package dev.eventstream.http;

import com.google.common.base.Ticker;
import com.google.common.primitives.Bytes;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.PlainText;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.ReadersByName;
import dev.eventstream.event.LastEventId;
import dev.eventstream.grip.ContentFilter;
import dev.eventstream.grip.GripLast;
import dev.eventstream.grip.LinkBudget;
import dev.eventstream.grip.NextLink;
import dev.eventstream.grip.NextLinks;
import dev.eventstream.limit.ClientAddress;
import dev.eventstream.limit.LimitReachedException;
import dev.eventstream.limit.StreamLimits;
import dev.eventstream.stream.StreamView;
import dev.eventstream.subscriber.StreamStart;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides the answers for streams that a GRIP proxy holds: their beginning, and what the proxy asks for next.
 *
 * <p>An answer that holds passes the proxy's {@code build-id} filter, so it is escaped, and stays below the size that the proxy
 * accepts for it. Longer content, and the end of a stream, goes out in pages: answers that hold nothing and name no channel, which no
 * version of the proxy filters. The last page is followed by an empty answer that holds, unless the stream ends. So the step in the
 * link always tells whether the proxy filters an answer (decision 12). After a page with a long event, the stream ends, and its client
 * comes back (decision 50).
 *
 * <p>Thread-safe.
 */
public final class ProxiedStreams {
    /** Longest answer after which a stream continues, in bytes; Pushpin 1.36 refuses more than 100,000 with {@code build-id}. */
    static final int MAX_BYTES = 90_000;

    /** How much of the log an answer to a next link has; the rest is for positions and escapes. */
    private static final int NEXT_BYTES = 64_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(ProxiedStreams.class);

    private final NextLinks links;
    private final StreamStart catchUp;
    private final ChannelAccess access;
    private final ReadersByName readers;
    private final ProxiedStreamLimits limits;
    private final ProxiedAdmission admissions;
    private final ProxiedAnswers answers;
    private final ProxiedEnds ends;
    private final RateLimitedLog refusals;

    /**
     * @param readers finds the reader that a link names
     * @param ends decides when streams end
     * @param nodeLimits what this node accepts
     * @param ticker limits the rate of warnings
     */
    public ProxiedStreams(
            ProxiedStreamSettings settings,
            NextLinks links,
            LinkBudget budget,
            StreamStart catchUp,
            ChannelAccess access,
            ReadersByName readers,
            ProxiedEnds ends,
            StreamLimits nodeLimits,
            Ticker ticker) {
        this.links = links;
        this.catchUp = catchUp;
        this.access = access;
        this.readers = readers;
        this.limits = new ProxiedStreamLimits(settings, links);
        this.admissions = new ProxiedAdmission(links, budget, nodeLimits);
        this.answers = new ProxiedAnswers(settings, links, budget, ends);
        this.ends = ends;
        this.refusals = new RateLimitedLog(ticker);
    }

    // ---- beginning

    /**
     * Refuses a stream that a proxy cannot hold.
     *
     * @throws StreamRefusedException if it exceeds a limit of the proxy's or of its later requests
     */
    void check(StreamView view, List<ChannelName> channels) {
        limits.check(view, channels);
    }

    /**
     * Admits a stream that was checked, and returns its link.
     *
     * @param validUntil when the reader's credentials expire
     * @throws LimitReachedException if the stream needs a link that is not in use, and a limit is reached
     */
    NextLink admit(StreamView view, Instant validUntil, List<ChannelName> channels, ClientAddress address) {
        Reader reader = view.reader();
        List<ChannelName> stored = catchUp.stored(channels);
        NextLink link = NextLink.recover(
                        reader.user().orElse(null),
                        stored,
                        channels.stream()
                                .filter(channel -> !stored.contains(channel))
                                .toList())
                .showing(view.types())
                .until(ends.of(reader, validUntil));
        admissions.admit(link, address);
        return link;
    }

    /**
     * Begins a stream that was admitted.
     *
     * @param open the first frame
     * @param missed what follows it
     * @throws LimitReachedException if the stream needs a page, and the reader has too many of them
     */
    Response begin(NextLink link, Reader reader, ClientAddress address, byte[] open, StreamStart.Missed missed) {
        if (isEnd(link, missed)) {
            return ProxiedAnswers.end(link, missed.position(), Bytes.concat(open, missed.frames()));
        }
        byte[] body = Bytes.concat(open, missed.frames());
        if (body.length > MAX_BYTES) {
            return ProxiedAnswers.lastPage(open, missed.frames());
        }
        return hold(link, reader, missed, body).orElseGet(() -> firstPage(after(link, missed), address, body));
    }

    private Response firstPage(NextLink page, ClientAddress address, byte[] body) {
        admissions.admitPage(page, address);
        return answers.page(page, body);
    }

    /** An answer that holds; empty if there is more to read, the body is too long for one, or the stream ends. */
    private Optional<Response> hold(NextLink link, Reader reader, StreamStart.Missed missed, byte[] body) {
        byte[] escaped = ContentFilter.escape(body);
        return missed.hasMore() || isEnd(link, missed) || escaped.length > MAX_BYTES
                ? Optional.empty()
                : Optional.of(answers.hold(link, reader, missed.position(), escaped));
    }

    private static boolean isEnd(NextLink link, StreamStart.Missed missed) {
        return missed.isFinished() && link.unstored().isEmpty();
    }

    private static NextLink after(NextLink link, StreamStart.Missed missed) {
        return link.then(missed.hasMore() ? NextLink.Step.PAGE : NextLink.Step.HOLD, missed.position());
    }

    // ---- next

    /**
     * Answers a proxy's request for what comes next.
     *
     * @param digest from the path
     * @param token from the query
     * @param gripLast the values of all {@code Grip-Last} headers
     * @throws RightsUnknownException if the application cannot decide whether the reader may read the channels
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
        if (ends.isOver(link.until())) {
            return ProxiedAnswers.comeBack();
        }
        String user = link.user();
        long requestedNanos = access.now();
        Optional<Reader> found = decide(() -> user == null ? Optional.of(Reader.anonymous()) : readers.find(user));
        if (found.isEmpty()) {
            return farewell(user, link.channels());
        }
        Reader reader = found.get();
        List<ChannelName> forbidden = decide(() -> access.forbidden(reader, link.channels()));
        if (!forbidden.isEmpty()) {
            return farewell(user, forbidden);
        }
        Response answer = answer(link, reader, gripLast);
        List<ChannelName> lost = decide(() -> access.lostSince(requestedNanos, reader, link.channels()));
        return lost.isEmpty() ? answer : farewell(user, lost);
    }

    private static <T> T decide(Supplier<T> decision) {
        try {
            return decision.get();
        } catch (RuntimeException e) {
            throw new RightsUnknownException(e);
        }
    }

    private Response answer(NextLink link, Reader reader, List<String> gripLast) {
        return switch (link.step()) {
            case RECOVER -> recover(link, reader, gripLast);
            case PAGE -> nextPage(link, reader);
            case HOLD -> answers.holdAfterPages(link, reader);
        };
    }

    private Response recover(NextLink link, Reader reader, List<String> gripLast) {
        LastEventId position = position(gripLast).onlyIn(link.stored());
        if (position.positions().size() < link.stored().size()) {
            refusals.warn(
                    LOGGER,
                    "A proxy's request for what follows a held stream does not contain the stream's position: {}",
                    link.channels());
            return Refusal.forbidden();
        }
        StreamStart.Missed missed = missed(link, position, reader);
        return hold(link, reader, missed, ProxiedAnswers.recovered(link, missed))
                .orElseGet(() -> answers.page(link.then(NextLink.Step.PAGE, position), new byte[0]));
    }

    private LastEventId position(List<String> gripLast) {
        try {
            return GripLast.parse(gripLast);
        } catch (IllegalArgumentException e) {
            refusals.warn(
                    LOGGER,
                    "A proxy's request states the position of a stream in a form that cannot be read: {}",
                    String.valueOf(e.getMessage()));
            return LastEventId.EMPTY;
        }
    }

    private Response nextPage(NextLink link, Reader reader) {
        StreamStart.Missed missed = missed(link, link.position(), reader);
        if (isEnd(link, missed)) {
            return ProxiedAnswers.end(link, missed.position(), missed.frames());
        }
        return missed.frames().length > MAX_BYTES
                ? ProxiedAnswers.lastPage(new byte[0], missed.frames())
                : answers.page(after(link, missed), missed.frames());
    }

    private StreamStart.Missed missed(NextLink link, LastEventId position, Reader reader) {
        return catchUp.after(position, link.stored(), new StreamView(reader, link.types()), NEXT_BYTES);
    }

    private Response refused(String reason) {
        refusals.warn(
                LOGGER, "A proxy's next link is refused, so its streams end and their clients come back: {}", reason);
        return ProxiedAnswers.invalidLink();
    }

    private static Response farewell(@Nullable String user, List<ChannelName> forbidden) {
        LOGGER.info(
                "{} may not read channels={} any longer; a proxy ends the stream",
                user == null ? "anonymous" : "user " + PlainText.quote(user),
                forbidden);
        return ProxiedAnswers.forbidden(forbidden);
    }
}
