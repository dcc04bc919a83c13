package dev.eventstream.http;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.limit.ClientAddress;
import dev.eventstream.limit.Limit;
import dev.eventstream.limit.LimitReachedException;
import dev.eventstream.stream.EventStreamEncoder;
import dev.eventstream.stream.StreamFrame;
import dev.eventstream.stream.StreamFrame.Condition;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests for streams that a limit refuses, so that their clients come back. For an EventSource every status but 200 is
 * final, even 503 with {@code Retry-After} (HTML standard, 9.2.2). So a request that accepts {@code text/event-stream} by name
 * gets a stream that ends at once: {@code retry:} and a temporary {@code stream-error}. Other clients get 503 if the node is
 * busy, or 429 if they have too many streams themselves (decision 27).
 *
 * <p>Refused clients wait longer than those whose stream has ended, because many of them would otherwise occupy a full node with
 * refusals.
 *
 * <p>Thread-safe.
 */
public final class RefusedStreams {
    private static final Logger LOGGER = LoggerFactory.getLogger(RefusedStreams.class);

    /** The longest wait of a refused client, as a multiple of {@code retry.max}, which is the shortest. */
    private static final int LONGEST_WAIT = 5;

    private final Duration retryMax;
    private final Map<Limit, Meter> refused = new EnumMap<>(Limit.class);
    private final RateLimitedLog warnings;

    /**
     * @param retryMax the longest wait of a client whose stream has ended
     * @param ticker limits the rate of warnings
     */
    public RefusedStreams(Duration retryMax, MetricRegistry registry, Ticker ticker) {
        this.retryMax = retryMax;
        this.warnings = new RateLimitedLog(ticker);
        Arrays.stream(Limit.values())
                .forEach(limit -> refused.put(limit, registry.meter("eventstream.refused." + limit.metric())));
    }

    Response answer(ContainerRequestContext request, LimitReachedException reached, ClientAddress address) {
        Limit limit = reached.limit();
        count(limit, address);
        return acceptsEventStream(request) ? temporaryEnd(limit) : status(limit);
    }

    private void count(Limit limit, ClientAddress address) {
        Meter meter = refused.get(limit);
        if (meter != null) {
            meter.mark();
        }
        warnings.warn(LOGGER, "New streams are refused, because {} is reached; open streams stay", limit.key());
        LOGGER.debug("A stream from {} is refused: {} is reached", address.text(), limit.key());
    }

    private static boolean acceptsEventStream(ContainerRequestContext request) {
        return request.getAcceptableMediaTypes().stream()
                .anyMatch(type -> !type.isWildcardType()
                        && !type.isWildcardSubtype()
                        && type.isCompatible(MediaType.SERVER_SENT_EVENTS_TYPE));
    }

    private Response temporaryEnd(Limit limit) {
        Condition condition = limit.isOfOneReader() ? Condition.TOO_MANY_STREAMS : Condition.BUSY;
        return Response.ok(
                        EventStreamEncoder.encode(
                                new StreamFrame.TemporaryFailure(condition, randomWait(), limit.text())),
                        MediaType.SERVER_SENT_EVENTS_TYPE)
                .build();
    }

    private Response status(Limit limit) {
        return Response.status(
                        limit.isOfOneReader() ? Response.Status.TOO_MANY_REQUESTS : Response.Status.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, randomWait().plusMillis(999).toSeconds())
                .type(MediaType.TEXT_PLAIN_TYPE)
                .entity(limit.text() + "\n")
                .build();
    }

    // clients that were refused together must not return together
    private Duration randomWait() {
        return Duration.ofMillis(
                ThreadLocalRandom.current().nextLong(retryMax.toMillis(), LONGEST_WAIT * retryMax.toMillis() + 1));
    }
}
