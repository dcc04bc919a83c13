package dev.eventstream.example;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats an action as long as pages ask for it, and for 30 s after the last request. While nobody asks, it costs nothing.
 *
 * <p>Thread-safe. The action runs on one thread at a time.
 */
final class OnDemand {
    /** How long one request keeps the action going. */
    static final Duration LEASE = Duration.ofSeconds(30);

    private static final Logger LOGGER = LoggerFactory.getLogger(OnDemand.class);

    private final String name;
    private final Duration interval;
    private final Runnable action;
    private final ScheduledExecutorService executor;
    private final Clock clock;

    // guarded by this object's lock, which is not held while the action runs
    private Instant end = Instant.MIN;
    private @Nullable ScheduledFuture<?> running;

    /**
     * @param name for logs
     * @param interval the time from the start of one action to the next
     * @param executor an executor that the environment's lifecycle stops
     */
    OnDemand(String name, Duration interval, Runnable action, ScheduledExecutorService executor, Clock clock) {
        this.name = name;
        this.interval = interval;
        this.action = action;
        this.executor = executor;
        this.clock = clock;
    }

    /** Starts the action, or lets it continue. */
    synchronized void ask() {
        end = clock.instant().plus(LEASE);
        if (running == null) {
            running = executor.scheduleAtFixedRate(this::act, 0, interval.toMillis(), MILLISECONDS);
        }
    }

    private synchronized boolean isWanted() {
        if (clock.instant().isBefore(end)) {
            return true;
        }
        if (running != null) {
            running.cancel(false);
            running = null;
        }
        return false;
    }

    // an exception would end the schedule silently
    private void act() {
        if (isWanted()) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOGGER.error("An event was not sent; the next attempt is in {}: source={}", interval, name, e);
            }
        }
    }
}
