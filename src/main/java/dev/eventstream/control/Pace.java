package dev.eventstream.control;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * When a lane may send next: at least an interval after its last request, and after each failure later than before. A lane that
 * stops does not wait.
 *
 * <p>Confined to the lane's thread.
 */
final class Pace {
    private static final long FIRST_DELAY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_DELAY = TimeUnit.SECONDS.toNanos(2);

    private final long minInterval;
    private final CountDownLatch stopping;
    private final Ticker ticker;
    private long next;
    private long delay;

    Pace(Duration minInterval, CountDownLatch stopping, Ticker ticker) {
        this.ticker = ticker;
        this.next = ticker.read();
        this.minInterval = minInterval.toNanos();
        this.stopping = stopping;
    }

    void await() throws InterruptedException {
        long remaining = next - ticker.read();
        if (remaining > 0) {
            boolean unused = stopping.await(remaining, TimeUnit.NANOSECONDS);
        }
    }

    boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /** A request begins now. */
    void started() {
        next = ticker.read() + minInterval;
    }

    void succeeded() {
        delay = 0;
    }

    void failed() {
        delay = delay == 0 ? FIRST_DELAY : Math.min(2 * delay, LONGEST_DELAY);
        next = ticker.read() + Math.max(delay, minInterval);
    }
}
