package dev.eventstream.loop;

import com.codahale.metrics.Meter;
import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one loop. The loop runs each round through {@link #run(Runnable)} and so survives whatever a round throws, including
 * an {@link Error}.
 *
 * <p>A loop is in trouble if its last round threw, or if no round has ended for longer than its limit. It is not judged
 * before {@link #start()} or after {@link #stop()}.
 *
 * <p>Thread-safe. Rounds of one heartbeat are expected on one thread at a time.
 */
public final class Heartbeat {
    private static final Logger LOGGER = LoggerFactory.getLogger(Heartbeat.class);

    private final String name;
    private final long limitNanos;
    private final Ticker ticker;
    private final Meter failures;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean isRunning;
    private volatile long lastBeatNanos;

    Heartbeat(String name, Duration limit, Ticker ticker, Meter failures) {
        this.name = name;
        this.limitNanos = limit.toNanos();
        this.ticker = ticker;
        this.failures = failures;
    }

    /** Starts to judge the loop. */
    public void start() {
        lastBeatNanos = ticker.read();
        isRunning = true;
    }

    /** Stops judging the loop, because it ends on purpose. */
    public void stop() {
        isRunning = false;
    }

    /** Records that a round has succeeded, for a loop that handles its own failures. */
    public void beat() {
        lastBeatNanos = ticker.read();
        if (failure.get() != null && failure.getAndSet(null) != null) {
            LOGGER.info("Loop {} works again", name);
        }
    }

    /**
     * Runs one round. Never throws: a failure is counted, and logged if the round before did not fail.
     *
     * @return whether the round ended without throwing
     */
    public boolean run(Runnable round) {
        try {
            round.run();
        } catch (Throwable e) { // the loop must survive even an OutOfMemoryError
            failed(e);
            return false;
        }
        beat();
        return true;
    }

    /** Records that a round has failed, for a loop that catches what its rounds throw. Never throws. */
    public void failed(Throwable thrown) {
        boolean isFirst = failure.getAndSet(thrown) == null;
        lastBeatNanos = ticker.read();
        failures.mark();
        try {
            if (isFirst) {
                LOGGER.error("Loop {} failed; it will run its next round as usual", name, thrown);
            } else {
                LOGGER.debug("Loop {} failed again", name, thrown);
            }
        } catch (Throwable e) { // no memory to log with; the failure is counted and shown by the health check
            failure.set(thrown);
        }
    }

    /** What is wrong with the loop, in words that follow its name; empty if nothing is. */
    Optional<String> trouble() {
        if (!isRunning) {
            return Optional.empty();
        }
        long silentNanos = ticker.read() - lastBeatNanos;
        if (silentNanos > limitNanos) {
            return Optional.of("has not completed a round for " + seconds(silentNanos) + " s (limit "
                    + seconds(limitNanos) + " s)");
        }
        return Optional.ofNullable(failure.get()).map(thrown -> "failed in its last round: " + thrown);
    }

    private static String seconds(long nanos) {
        return String.valueOf(Duration.ofNanos(nanos).toMillis() / 1000.0);
    }
}
