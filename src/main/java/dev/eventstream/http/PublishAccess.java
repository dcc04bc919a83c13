package dev.eventstream.http;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.eventstream.event.NewEvent;
import dev.eventstream.http.Refusals.Cause;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Decides which program a post comes from, and what the program may send.
 *
 * <p>Thread-safe.
 */
public final class PublishAccess {
    /** The error for a program that sends to a channel which its token does not allow. */
    static final String FORBIDDEN = "this token may not send to that channel (eventStream.publish.senders[].channels)";

    private static final String BEARER = "Bearer ";

    private final List<PublishToken> tokens;
    private final Map<String, Meter> events = new HashMap<>();
    private final Refusals refusals;
    private final AtomicInteger openPosts = new AtomicInteger();

    public PublishAccess(List<PublishToken> tokens, MetricRegistry registry) {
        this.tokens = List.copyOf(tokens);
        registry.gauge("eventstream.posts.open", () -> openPosts::get);
        this.refusals = Refusals.ofPosts(registry);
        // all at the start, so that each has a rate from the beginning
        tokens.forEach(token -> events.put(
                token.name(), registry.meter(MetricRegistry.name("eventstream.publish", token.name(), "events"))));
    }

    /** The bearer token of an {@code Authorization} header; empty if there is none. */
    static Optional<String> bearerToken(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(authorization.substring(BEARER.length()).trim())
                : Optional.empty();
    }

    /** The token with that text. All are compared, so that the time reveals nothing. */
    Optional<PublishToken> find(String shown) {
        byte[] digest = PublishToken.digest(shown);
        PublishToken found = null;
        for (PublishToken token : tokens) {
            if (token.hasDigest(digest)) {
                found = token;
            }
        }
        return Optional.ofNullable(found);
    }

    /** Whether the program must wait before it posts again. Counts the refusal. */
    boolean isTooFast(PublishToken token) {
        boolean wait = !token.untilAvailable().isZero();
        if (wait) {
            refusals.count(Cause.PUBLISH_RATE);
        }
        return wait;
    }

    /** Counts what a program sends, and returns the index of the first event that it may not send; empty if there is none. */
    Optional<Integer> firstForbidden(PublishToken token, List<NewEvent> events) {
        for (int i = 0; i < events.size(); i++) {
            if (!token.allows(events.get(i).channel())) {
                refusals.count(Cause.PUBLISH_CHANNEL);
                return Optional.of(i);
            }
        }
        count(token, events.size());
        return Optional.empty();
    }

    /** Counts posts that are refused. */
    Refusals refusals() {
        return refusals;
    }

    /** The number of posts of lines that are being read. */
    AtomicInteger openPosts() {
        return openPosts;
    }

    /** Counts events that a program sends. */
    void count(PublishToken token, int count) {
        token.countEvents(count);
        Meter meter = events.get(token.name());
        if (meter != null) {
            meter.mark(count);
        }
    }
}
