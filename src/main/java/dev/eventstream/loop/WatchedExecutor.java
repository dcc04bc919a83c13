package dev.eventstream.loop;

import com.codahale.metrics.Meter;
import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on an executor, survives whatever they throw, and notices when tasks wait and none finishes.
 *
 * <p>Thread-safe.
 */
final class WatchedExecutor implements Executor {
    private static final Logger LOGGER = LoggerFactory.getLogger(WatchedExecutor.class);

    /** Longer than a query takes on a slow database. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Executor threads;
    private final Ticker ticker;
    private final Meter failures;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile long progressNanos;

    WatchedExecutor(Executor threads, Ticker ticker, Meter failures) {
        this.threads = threads;
        this.ticker = ticker;
        this.failures = failures;
    }

    /**
     * @throws java.util.concurrent.RejectedExecutionException if the node is shutting down
     */
    @Override
    public void execute(Runnable task) {
        if (waiting.getAndIncrement() == 0) {
            progressNanos = ticker.read();
        }
        try {
            threads.execute(() -> run(task));
        } catch (Throwable e) {
            waiting.decrementAndGet();
            throw e;
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) { // tasks report their own failures; this one could not
            failures.mark();
            LOGGER.error("A task failed", e);
        } finally {
            progressNanos = ticker.read();
            waiting.decrementAndGet();
        }
    }

    /** What is wrong, in words that follow a name; empty if nothing is. */
    Optional<String> trouble() {
        long silentSeconds = Duration.ofNanos(ticker.read() - progressNanos).toSeconds();
        int tasks = waiting.get();
        return tasks > 0 && silentSeconds > LIMIT.toSeconds()
                ? Optional.of("has finished no task for " + silentSeconds + " s (limit " + LIMIT.toSeconds()
                        + " s) while " + tasks + " wait or run")
                : Optional.empty();
    }
}
