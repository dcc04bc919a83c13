package dev.eventstream.subscriber;

import dev.eventstream.subscriber.Subscription.State;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of a shard that are behind: those that wait for their turn to catch up, in order, and those that a task catches
 * up. A bounded number of tasks runs at a time, and none starts while memory is short.
 *
 * <p>Confined to the shard's thread.
 */
final class CatchUpQueue {
    private static final Logger LOGGER = LoggerFactory.getLogger(CatchUpQueue.class);

    private final StreamCatchUp catchUp;
    private final MemoryBudget memory;
    private final int maxRunning;
    private final StreamMetrics metrics;
    private final Consumer<Subscription> wake;
    private int reportedWaiting;

    private final Set<Subscription> waiting = new LinkedHashSet<>();
    /** Streams whose catch-up found no memory or no database, until the next retry. */
    private final Set<Subscription> delayed = new LinkedHashSet<>();
    /** Streams with a task, including those whose clients have left. */
    private final Set<Subscription> running = new LinkedHashSet<>();

    /**
     * @param wake has a stream attended to after its task; any thread
     */
    CatchUpQueue(ShardResources shared, Consumer<Subscription> wake) {
        this.catchUp = shared.catchUp();
        this.memory = shared.memory();
        this.maxRunning = shared.maxCatchUps();
        this.metrics = shared.metrics();
        this.wake = wake;
    }

    /** Adds a stream that waits for its turn. */
    void add(Subscription subscription) {
        waiting.add(subscription);
        reportWaiting();
    }

    /** Adds a stream that waits for the next retry. */
    void delay(Subscription subscription) {
        delayed.add(subscription);
        reportWaiting();
    }

    /** Whether the stream waits for its turn or for the next retry. */
    boolean contains(Subscription subscription) {
        return waiting.contains(subscription) || delayed.contains(subscription);
    }

    /** Removes a stream that is over; its task, if it has one, keeps its turn until it ends. */
    void remove(Subscription subscription) {
        waiting.remove(subscription);
        delayed.remove(subscription);
        reportWaiting();
    }

    /** Has the delayed streams wait for their turn. */
    void retryDelayed() {
        waiting.addAll(delayed);
        delayed.clear();
    }

    /** Starts tasks while turns and memory are available. A stream whose task cannot be started ends. */
    void startTasks() {
        while (running.size() < maxRunning && !waiting.isEmpty() && memory.hasRoom()) {
            Subscription next = waiting.iterator().next();
            waiting.remove(next);
            Farewell.ifThrown(next.sink(), () -> start(next));
        }
        reportWaiting();
    }

    private void reportWaiting() {
        int now = waiting.size() + delayed.size();
        metrics.moreWait(now - reportedWaiting);
        reportedWaiting = now;
    }

    private void start(Subscription subscription) {
        subscription.enter(State.CATCHING_UP);
        running.add(subscription);
        try {
            catchUp.start(subscription, () -> wake.accept(subscription));
        } catch (RejectedExecutionException e) {
            running.remove(subscription);
            LOGGER.debug("This node is shutting down; a stream does not catch up", e);
        } catch (Throwable e) {
            running.remove(subscription);
            throw e;
        }
    }

    /** The task of the stream has ended: another stream has a turn. */
    void ended(Subscription subscription) {
        running.remove(subscription);
    }

    /** Streams with a task that has reported something. */
    List<Subscription> reported() {
        return running.stream().filter(Subscription::hasReport).toList();
    }
}
