package dev.eventstream.subscriber;

import com.google.common.base.Ticker;
import dev.eventstream.loop.Heartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of a shard. Each round runs the waiting tasks in order, then the work that is done once for all of them, and four
 * times a second the tick. The thread survives whatever these throw.
 *
 * <p>The queue is bounded by its callers: at most one task per stream and one per channel, unstored events within the
 * {@link MemoryBudget}, and permission changes. Tasks must not block.
 */
final class ShardThread implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ShardThread.class);
    private static final int MAX_ROUND = 1024;
    static final Duration TICK = Duration.ofMillis(250);

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Runnable afterRound;
    private final Runnable tick;
    private final Heartbeat heartbeat;
    private final Ticker ticker;
    private final Object room = new Object();
    private volatile boolean stopping;
    private volatile @Nullable Thread runner;

    // confined to the thread
    private final List<Runnable> round = new ArrayList<>(MAX_ROUND);
    private long nextTickNanos;
    private boolean failed;

    /**
     * @param afterRound runs after each round of tasks
     * @param tick runs about four times a second
     */
    ShardThread(Runnable afterRound, Runnable tick, Heartbeat heartbeat, Ticker ticker) {
        this.afterRound = afterRound;
        this.tick = tick;
        this.heartbeat = heartbeat;
        this.ticker = ticker;
        this.nextTickNanos = ticker.read();
    }

    /** Adds a task to the end of the queue. Any thread; never blocks. */
    void put(Runnable task) {
        tasks.add(task);
    }

    /**
     * Waits while more than one round of tasks waits, so that somebody who adds tasks faster than they run adds them more slowly. Returns at
     * once on the shard's own thread, or if the calling thread is interrupted.
     *
     * @param limit how long to wait at most
     */
    void awaitRoom(Duration limit) {
        if (tasks.size() <= MAX_ROUND || Thread.currentThread() == runner) {
            return;
        }
        long endNanos = System.nanoTime() + limit.toNanos();
        synchronized (room) {
            try {
                for (long left = limit.toMillis(); left > 0 && tasks.size() > MAX_ROUND && !stopping; ) {
                    room.wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void reportRoom() {
        if (tasks.size() <= MAX_ROUND) {
            synchronized (room) {
                room.notifyAll();
            }
        }
    }

    /** Ends the thread after the current round, and waits for that up to the given time. */
    void stop(Duration timeout) throws InterruptedException {
        stopping = true;
        put(() -> {});
        if (!ended.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            LOGGER.warn("A fan-out thread did not end within {}", timeout);
        }
    }

    @Override
    public void run() {
        runner = Thread.currentThread();
        heartbeat.start();
        try {
            while (!stopping) {
                Runnable first = tasks.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    round.add(first);
                }
                runRound();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            heartbeat.stop();
            ended.countDown();
        }
    }

    /** Runs one round: the waiting tasks, and the tick if it is due. Never throws and never waits. */
    void runRound() {
        failed = false;
        runSafely(() -> tasks.drainTo(round, MAX_ROUND - round.size()));
        reportRoom();
        round.forEach(this::runSafely);
        round.clear();
        runSafely(afterRound);
        if (ticker.read() - nextTickNanos >= 0) {
            nextTickNanos = ticker.read() + TICK.toNanos();
            runSafely(tick);
        }
        if (!failed) {
            heartbeat.beat();
        }
    }

    private void runSafely(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) { // the thread must survive even an OutOfMemoryError
            failed = true;
            heartbeat.failed(e);
        }
    }
}
