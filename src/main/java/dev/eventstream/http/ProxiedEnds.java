package dev.eventstream.http;

import dev.eventstream.channel.Reader;
import dev.eventstream.subscriber.StreamTerms;
import java.time.Duration;
import java.time.Instant;

/**
 * Decides when streams at proxies end. A proxy asks at a stream's link in time, and the answer ends the stream.
 *
 * <p>Immutable.
 *
 * @param terms of all streams; behind a proxy, the end may take another twentieth of the greatest age and the link's timeout
 */
public record ProxiedEnds(StreamTerms terms) {
    /** Streams of anonymous readers end at this many different times within the greatest age, so that they can share links. */
    private static final int SHARED_ENDS = 20;

    /**
     * The end of a stream that begins now, in whole seconds.
     *
     * @param validUntil when the reader's credentials expire
     */
    Instant of(Reader reader, Instant validUntil) {
        long end = now().plus(terms.randomAge()).getEpochSecond();
        if (reader.user().isEmpty()) {
            long step = Math.max(1, terms.maxAge().toSeconds() / SHARED_ENDS);
            end = (end / step + 1) * step;
        }
        return Instant.ofEpochSecond(Math.min(end, validUntil.getEpochSecond()));
    }

    /** Whether a stream must end now. */
    boolean isOver(Instant until) {
        return !now().isBefore(until);
    }

    /** The time until the end; at least a second. */
    Duration remaining(Instant until) {
        Duration remaining = Duration.between(now(), until);
        return remaining.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : remaining;
    }

    private Instant now() {
        return terms.clock().instant();
    }
}
