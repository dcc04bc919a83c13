package dev.eventstream.http;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.eventstream.event.NewEvent;
import java.util.List;
import java.util.Optional;
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
    private final MetricRegistry registry;
    private final Meter tooFast;

    public PublishAccess(List<PublishToken> tokens, MetricRegistry registry) {
        this.tokens = List.copyOf(tokens);
        this.registry = registry;
        this.tooFast = registry.meter("eventstream.refused.publish-rate");
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
            tooFast.mark();
        }
        return wait;
    }

    /** Counts what a program sends, and returns the index of the first event that it may not send; empty if there is none. */
    Optional<Integer> firstForbidden(PublishToken token, List<NewEvent> events) {
        for (int i = 0; i < events.size(); i++) {
            if (!token.allows(events.get(i).channel())) {
                return Optional.of(i);
            }
        }
        count(token, events.size());
        return Optional.empty();
    }

    /** The number of posts of lines that are being read. */
    Counter openPosts() {
        return registry.counter("eventstream.posts.open");
    }

    /** Counts events that a program sends. */
    void count(PublishToken token, int events) {
        token.countEvents(events);
        registry.meter(MetricRegistry.name("eventstream.publish", token.name(), "events"))
                .mark(events);
    }
}
