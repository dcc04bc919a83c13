package dev.eventstream.subscriber;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what blocks on the database away from the fan-out thread, and tries again later what fails.
 *
 * <p>Called on the fan-out thread only. What waits is bounded: a stream and a feed have one task each at most.
 */
final class CatchUpThreads {
    private static final Logger LOGGER = LoggerFactory.getLogger(CatchUpThreads.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final FanoutThread thread;
    private final Executor executor;
    private boolean failing;

    CatchUpThreads(FanoutThread thread, Executor executor) {
        this.thread = thread;
        this.executor = executor;
    }

    /**
     * @param task runs on a catch-up thread
     * @param again runs on the fan-out thread a while after the task has failed
     */
    void execute(Runnable task, Runnable again) {
        try {
            executor.execute(() -> {
                try {
                    task.run();
                    thread.put(this::succeeded);
                } catch (RuntimeException e) {
                    thread.put(() -> failed(e, again));
                }
            });
        } catch (RejectedExecutionException e) {
            LOGGER.debug("This node is shutting down; a catch-up is given up");
        }
    }

    private void failed(RuntimeException failure, Runnable again) {
        if (!failing) {
            failing = true;
            LOGGER.warn("The event log cannot be read; streams wait, and it is tried again every {}", RETRY, failure);
        }
        thread.putLater(RETRY, again);
    }

    private void succeeded() {
        if (failing) {
            failing = false;
            LOGGER.info("The event log can be read again");
        }
    }
}
