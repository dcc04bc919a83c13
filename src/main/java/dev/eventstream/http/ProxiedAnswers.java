package dev.eventstream.http;

import com.google.common.primitives.Bytes;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.Reader;
import dev.eventstream.event.LastEventId;
import dev.eventstream.grip.CountedLink;
import dev.eventstream.grip.GripHeaders;
import dev.eventstream.grip.LinkBudget;
import dev.eventstream.grip.LinkOwner;
import dev.eventstream.grip.NextLink;
import dev.eventstream.grip.NextLinks;
import dev.eventstream.stream.Admission;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.HoldInstruction;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.stream.StreamFrame.Condition;
import dev.eventstream.stream.StreamView;
import dev.eventstream.subscriber.StreamStart;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The answers that a proxy understands, with their headers and signed links.
 *
 * <p>Thread-safe.
 */
final class ProxiedAnswers {
    private static final int SHORTEST_AWAY_MILLIS = 50;
    private static final int LONGEST_AWAY_MILLIS = 1_000;

    private static final int SHORTEST_FAILURE = 2;
    private static final int LONGEST_FAILURE = 6;

    private final ProxiedStreamSettings settings;
    private final NextLinks links;
    private final LinkBudget budget;
    private final ProxiedEnds ends;

    ProxiedAnswers(ProxiedStreamSettings settings, NextLinks links, LinkBudget budget, ProxiedEnds ends) {
        this.settings = settings;
        this.links = links;
        this.budget = budget;
        this.ends = ends;
    }

    /** The proxy passes the body on and holds the stream at that position. */
    Response hold(NextLink link, Reader reader, LastEventId position, byte[] escaped) {
        NextLinks.Signed signed = links.sign(link);
        return stream(
                GripHeaders.hold(
                        new HoldInstruction(
                                link.channels(), position, new StreamView(reader, link.types()), Admission.ELSEWHERE),
                        settings.keepAlive(),
                        new GripHeaders.Next(settings.address(signed), timeout(link)),
                        settings.presence().trackedOf(link.channels())),
                escaped);
    }

    /** Once the pages are sent, the proxy holds the stream. Before, unstored events did not reach the reader. */
    Response holdAfterPages(NextLink page, Reader reader) {
        // without a position, which may contain '%': the client has that of the last page
        byte[] reset = page.unstored().isEmpty()
                ? new byte[0]
                : withoutPercent(new StreamFrame.Reset(page.unstored(), LastEventId.EMPTY));
        NextLink link = page.then(NextLink.Step.RECOVER, page.position());
        return hold(link, reader, page.position(), reset);
    }

    /**
     * Each stream of a user has a different end and therefore a separate link, so a stream that comes back has another link. The
     * streams of anonymous readers share links, and a shortened timeout would make all of them come back at the same moment.
     */
    private Duration timeout(NextLink link) {
        Duration timeout = budget.timeoutOf(CountedLink.of(link, links), LinkOwner.of(link.user()));
        if (link.user() == null) {
            return timeout;
        }
        Duration remaining = ends.remaining(link.until());
        return remaining.compareTo(timeout) < 0 ? remaining : timeout;
    }

    /**
     * The body of an answer to a held stream. If the stream shows only some types of events, the body has at least the position: the
     * client may have received nothing for a long time, and would come back to an old position.
     */
    static byte[] recovered(NextLink link, StreamStart.Missed missed) {
        boolean isTold = link.types().isAll() || missed.frames().length > 0;
        return isTold ? missed.frames() : EventStreamEncoder.encode(new StreamFrame.Advance(missed.position()));
    }

    /** The proxy passes the body on and asks for the link at once. */
    Response page(NextLink link, byte[] body) {
        return stream(GripHeaders.page(settings.address(links.sign(link))), body);
    }

    /** The proxy ends the stream, and its client stops reconnecting. */
    static Response forbidden(List<ChannelName> channels) {
        return stream(
                List.of(),
                withoutPercent(new StreamFrame.StreamError(
                        Condition.FORBIDDEN, "You may not read these channels any longer.", channels)));
    }

    /** A frame for an answer of which it depends on the proxy's version whether it is filtered. */
    private static byte[] withoutPercent(StreamFrame frame) {
        String text = new String(EventStreamEncoder.encode(frame), StandardCharsets.UTF_8);
        return text.replace("%", "\\u0025").getBytes(StandardCharsets.UTF_8); // within JSON, the same
    }

    /** The proxy passes the body on and ends the stream, because all of its channels are finished; its client stops reconnecting. */
    static Response end(NextLink link, LastEventId position, byte[] body) {
        byte[] end = EventStreamEncoder.encode(new StreamFrame.End(link.channels(), position));
        return stream(List.of(), Bytes.concat(body, end));
    }

    /** The proxy ends the stream because its time has come, and its client comes back at once. */
    static Response comeBack() {
        return stream(List.of(), EventStreamEncoder.encode(new StreamFrame.ComeBack(shortTime())));
    }

    /**
     * The proxy passes the frames on and ends the stream, and its client comes back at once.
     *
     * @param open the first frame of the stream, or nothing
     * @param events not empty; the time after which the client comes back is part of the first of them, because some clients would take a
     *     line on its own for an event
     */
    static Response lastPage(byte[] open, byte[] events) {
        return stream(List.of(), Bytes.concat(open, EventStreamEncoder.retry(shortTime()), events));
    }

    private static Duration shortTime() {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(SHORTEST_AWAY_MILLIS, LONGEST_AWAY_MILLIS + 1));
    }

    /** The proxy ends the stream, and its client comes back later. */
    static Response internalError() {
        Duration away = Duration.ofSeconds(ThreadLocalRandom.current().nextLong(SHORTEST_FAILURE, LONGEST_FAILURE + 1));
        return stream(List.of(), EventStreamEncoder.encode(StreamFrame.TemporaryFailure.ofStream(away)));
    }

    /** The proxy ends the stream in good order, and its client comes back with its credentials. */
    static Response invalidLink() {
        return stream(
                List.of(),
                ": this link is not valid; the stream ends, and its client comes back\n\n"
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static Response stream(List<GripHeaders.Header> headers, byte[] body) {
        Response.ResponseBuilder answer = Response.ok(body, MediaType.SERVER_SENT_EVENTS_TYPE);
        headers.forEach(header -> answer.header(header.name(), header.value()));
        return answer.build();
    }
}
