package dev.eventstream.http;

import dev.eventstream.channel.Reader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Decides when streams at proxies end. A proxy asks at a stream's link in time, and is then told to end the stream.
 *
 * <p>Immutable.
 *
 * @param maxAge a stream ends at this age, give or take a tenth; it may take another twentieth and the link's timeout
 * @param clock the wall clock
 */
public record ProxiedEnds(Duration maxAge, Clock clock) {
    private static final double SHORTEST = 0.9;
    private static final double LONGEST = 1.1;

    /** Streams of anonymous readers end at this many different times per {@code maxAge}, so that they can share links. */
    private static final int SHARED_ENDS = 20;

    /**
     * The end of a stream that begins now, in whole seconds.
     *
     * @param validUntil when the reader's credentials expire
     */
    Instant of(Reader reader, Instant validUntil) {
        double part = ThreadLocalRandom.current().nextDouble(SHORTEST, LONGEST);
        long end = clock.instant().plusMillis((long) (maxAge.toMillis() * part)).getEpochSecond();
        if (reader.user().isEmpty()) {
            long step = Math.max(1, maxAge.toSeconds() / SHARED_ENDS);
            end = (end / step + 1) * step;
        }
        return Instant.ofEpochSecond(Math.min(end, validUntil.getEpochSecond()));
    }

    /** Whether a stream must end now. */
    boolean isOver(Instant until) {
        return !clock.instant().isBefore(until);
    }

    /** The time until the end; at least a second. */
    Duration remaining(Instant until) {
        Duration remaining = Duration.between(clock.instant(), until);
        return remaining.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : remaining;
    }
}
