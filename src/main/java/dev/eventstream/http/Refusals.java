package dev.eventstream.http;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/**
 * Counts requests that are refused, by cause: the meters {@code eventstream.refused.…}. {@link RefusedStreams} and
 * {@link CrossSiteCheck} count those that they refuse.
 *
 * <p>Thread-safe.
 */
public final class Refusals {
    private final Map<Cause, Meter> meters = new EnumMap<>(Cause.class);

    /** Why a request is refused. */
    enum Cause {
        /** Its {@code Grip-Sig} is not valid, or it has bypassed the proxies. */
        SIGNATURE("signature"),
        /** An auth filter has refused its credentials, or it lacks credentials that it needs. */
        UNAUTHORIZED("unauthorized"),
        /** The reader may not read a channel. */
        FORBIDDEN("forbidden"),
        /** Its channels, its position or a parameter is not allowed. */
        BAD_REQUEST("bad-request"),
        /** Its client has come back after a final {@code stream-error}. */
        AFTER_ERROR("after-error"),
        /** The stream could not begin because something failed; the client comes back. */
        FAILED("failed"),
        /** A post without a valid token. */
        PUBLISH_TOKEN("publish-token"),
        /** A post, or a line, for a channel to which the token does not allow sending. */
        PUBLISH_CHANNEL("publish-channel"),
        /** A post whose token sends too fast. */
        PUBLISH_RATE("publish-rate"),
        /** A post or a line that cannot be read or is too long. */
        PUBLISH_INVALID("publish-invalid"),
        /** A post to a finished channel. */
        PUBLISH_FINISHED("publish-finished"),
        /** A post of lines beyond the number that are read at once. */
        PUBLISH_AT_ONCE("publish-at-once"),
        /** A post that was not stored because something failed, or whose outcome is unknown. */
        PUBLISH_FAILED("publish-failed");

        private final String metric;

        Cause(String metric) {
            this.metric = metric;
        }
    }

    private Refusals(Collection<Cause> causes, MetricRegistry registry) {
        causes.forEach(cause -> meters.put(cause, registry.meter("eventstream.refused." + cause.metric)));
    }

    /** Counts requests for streams. */
    public static Refusals ofStreams(MetricRegistry registry) {
        return new Refusals(EnumSet.range(Cause.SIGNATURE, Cause.FAILED), registry);
    }

    /** Counts posts. */
    static Refusals ofPosts(MetricRegistry registry) {
        return new Refusals(EnumSet.range(Cause.PUBLISH_TOKEN, Cause.PUBLISH_FAILED), registry);
    }

    void count(Cause cause) {
        Meter meter = meters.get(cause);
        if (meter != null) {
            meter.mark();
        }
    }
}
