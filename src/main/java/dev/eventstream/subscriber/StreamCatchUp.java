package dev.eventstream.subscriber;

import dev.eventstream.store.EventStoreException;
import dev.eventstream.subscriber.Subscription.Outcome;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a stream that is behind what it missed, one page at a time, from recent events or the log.
 *
 * <p>Thread-safe. The tasks run on the executor and own the position of their stream while they run. Each ends with an
 * {@link Outcome} in the subscription, whatever it throws.
 */
final class StreamCatchUp {
    private static final Logger LOGGER = LoggerFactory.getLogger(StreamCatchUp.class);
    private static final int PAGE_EVENTS = 1_000;
    private static final int PAGES_IN_A_ROW = 16;

    private final Feeds feeds;
    private final Replay replay;
    private final MemoryBudget memory;
    private final Executor executor;
    private final LogTrouble trouble;
    private final StreamMetrics metrics;

    StreamCatchUp(
            Feeds feeds,
            Replay replay,
            MemoryBudget memory,
            Executor executor,
            LogTrouble trouble,
            StreamMetrics metrics) {
        this.feeds = feeds;
        this.replay = replay;
        this.memory = memory;
        this.executor = executor;
        this.trouble = trouble;
        this.metrics = metrics;
    }

    /**
     * Starts a task for the stream.
     *
     * @param ended called on the executor's thread once the outcome is reported
     * @throws java.util.concurrent.RejectedExecutionException if the node is shutting down
     */
    void start(Subscription subscription, Runnable ended) {
        metrics.caughtUp();
        executor.execute(() -> {
            subscription.reportOutcome(outcome(subscription));
            ended.run();
        });
    }

    private Outcome outcome(Subscription subscription) {
        try {
            Outcome outcome = readPages(subscription);
            trouble.succeeded();
            return outcome;
        } catch (EventStoreException e) {
            trouble.failed(e);
            return Outcome.UNREADABLE;
        } catch (Throwable e) { // otherwise the stream would seem to catch up forever
            logFailure(subscription, e);
            return Outcome.FAILED;
        }
    }

    private static void logFailure(Subscription subscription, Throwable failure) {
        try {
            LOGGER.error("The catch-up of a stream of {} failed; the stream ends", subscription.reader(), failure);
        } catch (Throwable e) { // no memory to log with; the metric of ended streams counts it
            failure.addSuppressed(e);
        }
    }

    private Outcome readPages(Subscription subscription) {
        feeds.newest(subscription.stored());
        for (int i = 0; i < PAGES_IN_A_ROW && !subscription.isClosed(); i++) {
            Replay.Page page = replay.next(
                    subscription.position(),
                    subscription.stored(),
                    subscription.view(),
                    PAGE_EVENTS,
                    memory.chunkBytes(),
                    Replay.Trust.TAILS);
            if (page.isEmpty()) {
                return Outcome.CAUGHT_UP;
            }
            Optional<SharedBytes> bytes = SharedBytes.reserve(page.bytes(), memory);
            if (bytes.isEmpty()) {
                return Outcome.NO_MEMORY;
            }
            if (!offer(subscription, bytes.get())) {
                return Outcome.REFUSED;
            }
            subscription.noteResets(page.resetsFrom(subscription.position()));
            subscription.moveTo(page.position());
            metrics.delivered(page.events());
        }
        return Outcome.MORE;
    }

    private static boolean offer(Subscription subscription, SharedBytes bytes) {
        try {
            return subscription.sink().offer(bytes);
        } finally {
            bytes.release();
        }
    }
}
