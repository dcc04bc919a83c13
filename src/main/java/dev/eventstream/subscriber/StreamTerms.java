package dev.eventstream.subscriber;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The terms on which streams stay open.
 *
 * @param recheck the authorizer is asked again about each stream once in this time
 * @param maxAge a stream ends at this age, give or take a tenth
 * @param clock tells when credentials have expired
 */
public record StreamTerms(Duration recheck, Duration maxAge, Clock clock) {
    private static final double SHORTEST = 0.9;
    private static final double LONGEST = 1.1;

    /** The age at which one stream ends, so that streams that were opened together do not end together. */
    public Duration randomAge() {
        double part = ThreadLocalRandom.current().nextDouble(SHORTEST, LONGEST);
        return Duration.ofNanos((long) (maxAge.toNanos() * part));
    }
}
