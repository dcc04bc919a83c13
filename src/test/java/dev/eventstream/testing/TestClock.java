package dev.eventstream.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that runs like the system's, ahead by what a test has added. Thread-safe. */
final class TestClock extends Clock {
    private final Clock system = Clock.systemUTC();
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time cannot go back by " + time.negated() + "; allowed is 0 or more");
        }
        ahead.updateAndGet(before -> before.plus(time));
    }

    @Override
    public Instant instant() {
        return system.instant().plus(ahead.get());
    }

    /** A time of the system's clock, on this clock. */
    Instant ofSystem(Instant time) {
        return isBound(time) ? time : time.plus(ahead.get());
    }

    /** A time of this clock, on the system's. */
    Instant toSystem(Instant time) {
        return isBound(time) ? time : time.minus(ahead.get());
    }

    private static boolean isBound(Instant time) {
        return time.equals(Instant.MIN) || time.equals(Instant.MAX);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("this clock is always UTC");
    }
}
