package dev.eventstream.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/**
 * Logs what anybody can cause by sending requests: a warning at most once a minute, and at DEBUG in between, so that nobody
 * can fill a disk with it.
 *
 * <p>Thread-safe.
 */
final class RateLimitedLog {
    static final Duration SILENCE = Duration.ofMinutes(1);

    private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());

    void warn(Logger logger, String message, Object argument) {
        long next = nextNanos.get();
        long now = System.nanoTime();
        if (now - next >= 0 && nextNanos.compareAndSet(next, now + SILENCE.toNanos())) {
            logger.warn(message + " (more of these within a minute are logged at DEBUG)", argument);
        } else {
            logger.debug(message, argument);
        }
    }
}
