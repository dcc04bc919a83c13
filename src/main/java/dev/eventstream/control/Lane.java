package dev.eventstream.control;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.loop.Heartbeat;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The path to one proxy: a queue, and the one thread that sends its content. Items that arrive during a request are sent with
 * the next.
 *
 * <p>Thread-safe; the client is confined to the lane's thread.
 */
final class Lane implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Lane.class);
    private static final long IDLE = TimeUnit.SECONDS.toNanos(1);
    private static final Duration LAST_CALL = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

    private final ProxySettings proxy;
    private final LaneQueue queue;
    private final LaneIntake intake;
    private final LaneTrouble trouble;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Ticker ticker;
    private final Heartbeat heartbeat;
    private volatile @Nullable Thread runner;
    private volatile long drainUntil;

    // confined to the lane's thread
    private final SentItems sent;
    private final Delivery delivery;

    Lane(ProxySettings proxy, ItemEncoder encoder, MetricRegistry metrics, Heartbeat heartbeat, Ticker ticker) {
        this.proxy = proxy;
        this.queue = new LaneQueue(proxy.limits(), proxy.transport().maxItemBytes(), encoder, ticker);
        this.trouble = new LaneTrouble(proxy, queue, ticker);
        this.intake = new LaneIntake(proxy, queue, this::status);
        this.sent = new SentItems(proxy, queue, intake, ticker);
        this.delivery = new Delivery(
                proxy,
                queue,
                sent,
                trouble,
                new LaneMetrics(proxy.name(), queue, sent, metrics),
                new Pace(proxy.limits().minInterval(), stopping, ticker),
                heartbeat);
        this.heartbeat = heartbeat;
        this.ticker = ticker;
    }

    ProxySettings proxy() {
        return proxy;
    }

    LaneStatus status() {
        return trouble.status(runner != null);
    }

    // ---- any thread

    void offer(ProxyItem event, Announcement announcement) {
        intake.offer(event, announcement);
    }

    void kick(List<ProxyItem> items, Duration delay) {
        queue.kick(items, ticker.read() + delay.toNanos());
    }

    void recoverAll() {
        queue.recoverAll();
    }

    void start(Executor executor) {
        executor.execute(this);
    }

    /** Makes the lane send what waits, for a bounded time, and end. Does not wait for it. */
    void stop() {
        drainUntil = ticker.read() + proxy.limits().drainTimeout().toNanos();
        stopping.countDown();
        queue.stop();
    }

    /** Waits for the end of a lane that was stopped; one that does not end in time is interrupted. */
    void awaitEnd() throws InterruptedException {
        Thread thread = runner;
        if (thread == null) {
            queue.close();
        } else if (!ended.await(drainUntil - ticker.read(), TimeUnit.NANOSECONDS)) {
            thread.interrupt();
            if (!ended.await(LAST_CALL.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.warn("The lane of proxy {} did not end", proxy.name());
            }
        }
    }

    // ---- the lane's thread

    @Override
    public void run() {
        runner = Thread.currentThread();
        heartbeat.start();
        try {
            while (!isOver()) {
                heartbeat.run(this::runOneClient);
                awaitAfterFailure();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /** Sends until the lane stops. After an exception the next round uses another client. */
    private void runOneClient() {
        try (ControlClient client = proxy.transport().open(ticker)) {
            while (!isOver()) {
                round(client);
                heartbeat.beat();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round(ControlClient client) throws InterruptedException {
        sent.maintain(client);
        delivery.finish(client);
        sent.repeatQuiet();
        if (queue.await(sent.dueWithin(IDLE))) {
            delivery.sendNext(client);
        } else {
            intake.drained();
        }
    }

    private void awaitAfterFailure() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the lane was interrupted");
        } else if (!isStopping()) {
            boolean unused = stopping.await(AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private boolean isOver() throws InterruptedException {
        return isStopping()
                && (!queue.await(0)
                        || ticker.read() - drainUntil > 0
                        || !trouble.lasting().isZero());
    }

    private void end() {
        runner = null;
        if (isStopping()) {
            heartbeat.stop();
        }
        int left = queue.close() + delivery.abandon();
        if (left > 0) {
            LOGGER.warn("The lane of proxy {} ended with {} event(s) that were not sent", proxy.name(), left);
        }
        ended.countDown();
    }
}
