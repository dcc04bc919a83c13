package dev.eventstream.subscriber;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns the live state: runs tasks in the order in which they were put, and after each batch of them
 * what is to be done once for all.
 *
 * <p>The queue is bounded by who puts tasks in: a stream has a few under way at most, and announcements are limited by
 * {@link Fanout}. Tasks must not block; one that throws is logged and the next one runs.
 */
final class FanoutThread implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(FanoutThread.class);
    private static final int MAX_BATCH = 1024;
    private static final Duration TICK = Duration.ofMillis(250);

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Runnable afterBatch;
    private final Runnable tick;
    private volatile boolean stopping;

    // confined to the thread itself
    private final PriorityQueue<Later> later = new PriorityQueue<>();

    /**
     * @param afterBatch runs after each batch of tasks
     * @param tick runs about four times a second
     */
    FanoutThread(Runnable afterBatch, Runnable tick) {
        this.afterBatch = afterBatch;
        this.tick = tick;
    }

    /** Puts a task at the end of the queue. Any thread; never blocks. */
    void put(Runnable task) {
        tasks.add(task);
    }

    /** Puts a task in the queue after a delay. Only on this thread. */
    void putLater(Duration delay, Runnable task) {
        later.add(new Later(System.nanoTime() + delay.toNanos(), task));
    }

    /** Ends the thread after the task under way, and waits for it up to the given time. */
    void stop(Duration timeout) throws InterruptedException {
        stopping = true;
        put(() -> {});
        if (!ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            LOGGER.warn("The fan-out thread did not end within {}", timeout);
        }
    }

    @Override
    public void run() {
        List<Runnable> batch = new ArrayList<>(MAX_BATCH);
        long nextTick = System.nanoTime();
        try {
            while (!stopping) {
                Runnable first = tasks.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    tasks.drainTo(batch, MAX_BATCH - 1);
                }
                batch.forEach(FanoutThread::runSafely);
                batch.clear();
                runSafely(afterBatch);
                if (System.nanoTime() - nextTick >= 0) {
                    putDue();
                    runSafely(tick);
                    nextTick = System.nanoTime() + TICK.toNanos();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private void putDue() {
        while (!later.isEmpty() && later.peek().dueNanos() - System.nanoTime() <= 0) {
            put(later.remove().task());
        }
    }

    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOGGER.error("A fan-out task failed; the next one runs", e);
        }
    }

    private record Later(long dueNanos, Runnable task) implements Comparable<Later> {
        @Override
        public int compareTo(Later other) {
            return Long.compare(dueNanos - other.dueNanos, 0);
        }
    }
}
