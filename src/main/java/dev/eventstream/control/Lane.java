package dev.eventstream.control;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import dev.eventstream.control.LaneQueue.Entry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one proxy: a queue, and the one thread that sends what is in it.
 *
 * <p>What gathers while a request is under way goes into the next. A request that fails is made again, with the same ids, so
 * that a proxy which did get it drops the repetition; when the proxy has taken nothing for {@link LaneLimits#giveUpAfter}, all
 * that waits is replaced by repairs, which are sent as soon as it takes something. A batch that the proxy refuses is divided
 * until the bad item is found.
 *
 * <p>Thread-safe; the client is confined to the lane's thread.
 */
final class Lane implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Lane.class);
    private static final long IDLE = TimeUnit.SECONDS.toNanos(1);
    private static final Duration LAST_CALL = Duration.ofSeconds(1);

    /** Items of one batch that may be refused one by one; then it is the proxy that is bad, and the rest is not tried. */
    private static final int MAX_REFUSED = 5;

    private final ProxySettings proxy;
    private final LaneQueue queue;
    private final LaneTrouble trouble;
    private final LaneMetrics metrics;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean overflowing = new AtomicBoolean();
    private final AtomicBoolean toldOfLongOnes = new AtomicBoolean();
    private volatile @Nullable Thread runner;
    private volatile long drainUntil;

    // confined to the lane's thread
    private final Pace pace;
    private final RecentItems recent = new RecentItems();
    private final Deque<List<Entry>> underWay = new ArrayDeque<>();

    Lane(ProxySettings proxy, ItemEncoder encoder, MetricRegistry metrics) {
        this.proxy = proxy;
        this.queue = new LaneQueue(proxy.limits(), proxy.transport().maxItemBytes(), encoder);
        this.trouble = new LaneTrouble(proxy, queue);
        this.metrics = new LaneMetrics(proxy.name(), queue, metrics);
        this.pace = new Pace(proxy.limits().minInterval(), stopping);
    }

    ProxySettings proxy() {
        return proxy;
    }

    LaneStatus status() {
        return trouble.status(runner != null);
    }

    // ---- any thread

    void offer(ProxyItem event, Announcement announcement) {
        switch (queue.offer(event, announcement)) {
            case OVERFLOW -> tellOfOverflow();
            case TOO_LONG -> tellOfLength(event);
            case QUEUED, COVERED, CLOSED -> {}
        }
    }

    void kick(List<ProxyItem> items, Duration delay) {
        queue.kick(items, System.nanoTime() + delay.toNanos());
    }

    private void tellOfOverflow() {
        if (overflowing.compareAndSet(false, true)) {
            LOGGER.warn(
                    "Proxy {}: more than {} events or {} bytes waited; what waited is replaced by hints, so readers get stored"
                            + " events late, and are told of unstored ones that they miss. {}; see {}",
                    proxy.name(),
                    proxy.limits().maxQueuedEvents(),
                    proxy.limits().maxQueuedBytes(),
                    status().summary(),
                    proxy.configuredAt());
        }
    }

    private void tellOfLength(ProxyItem event) {
        if (toldOfLongOnes.compareAndSet(false, true)) {
            LOGGER.warn(
                    "Proxy {} takes no items longer than {} bytes, and {} has {}: such events are not pushed, readers are told"
                            + " to fetch them. This is said once",
                    proxy.name(),
                    proxy.transport().maxItemBytes(),
                    event,
                    event.length());
        }
    }

    void start(Executor executor) {
        executor.execute(this);
    }

    /** Lets the lane send what waits, for a bounded time, and end. Does not wait for it. */
    void stop() {
        drainUntil = System.nanoTime() + proxy.limits().drainTimeout().toNanos();
        stopping.countDown();
        queue.stop();
    }

    /** Waits for the end of a lane that was stopped; one that does not end in time is interrupted. */
    void awaitEnd() throws InterruptedException {
        Thread thread = runner;
        if (thread == null) {
            queue.close();
        } else if (!ended.await(drainUntil - System.nanoTime(), TimeUnit.NANOSECONDS)) {
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
        try (ControlClient client = proxy.transport().open()) {
            while (!isOver()) {
                turn(client);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOGGER.error("The lane of proxy {} has ended; its readers get events late", proxy.name(), e);
        } finally {
            end();
        }
    }

    private void end() {
        runner = null;
        IllegalStateException reason = new IllegalStateException("the lane ended before it was sent");
        int left = queue.close();
        for (List<Entry> part : underWay) {
            part.forEach(entry -> entry.announcement().failed(reason));
            left += part.size();
        }
        if (left > 0) {
            LOGGER.warn("The lane of proxy {} ended with {} event(s) that were not sent", proxy.name(), left);
        }
        ended.countDown();
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private boolean isOver() throws InterruptedException {
        return isStopping()
                && (!queue.await(0)
                        || System.nanoTime() - drainUntil > 0
                        || !trouble.lasting().isZero());
    }

    private void turn(ControlClient client) throws InterruptedException {
        maintain(client);
        if (!queue.await(IDLE)) {
            tellOfCatchingUp();
            return;
        }
        pace.await();
        if (queue.takeRecoverAll()) {
            recoverAll(client);
        }
        deliver(client, queue.take());
    }

    private void maintain(ControlClient client) {
        if (client.maintain()) {
            repairRecent();
        }
    }

    private void tellOfCatchingUp() {
        if (overflowing.compareAndSet(true, false)) {
            LOGGER.info("Proxy {} has caught up; nothing waits", proxy.name());
        }
    }

    /** The connection broke; nobody knows what arrived. */
    private void repairRecent() {
        boolean all = recent.areTooMany();
        List<ProxyItem> items = recent.take();
        LOGGER.info(
                "Proxy {} lost its connection; {} channel(s) are hinted for what may not have arrived",
                proxy.name(),
                all ? "all" : items.size());
        items.forEach(queue::repairFor);
        if (all) {
            queue.recoverAll();
        }
    }

    private void recoverAll(ControlClient client) throws InterruptedException {
        pace.started();
        try {
            client.recoverAll();
            succeeded();
            LOGGER.info("Proxy {} asks for everything that its readers missed", proxy.name());
        } catch (ControlException e) {
            if (e.reason() == ControlException.Reason.UNAVAILABLE || e.reason() == ControlException.Reason.DENIED) {
                queue.recoverAll();
                failed(e);
            } else {
                LOGGER.warn(
                        "Proxy {} cannot be told to ask for everything that its readers missed ({}); they get it with the next"
                                + " event of its channel, or when their link runs out",
                        proxy.name(),
                        e.text());
            }
        }
    }

    private void deliver(ControlClient client, List<Entry> batch) throws InterruptedException {
        if (!batch.isEmpty()) {
            underWay.push(batch);
        }
        int refused = 0;
        while (!underWay.isEmpty()) {
            pace.await();
            maintain(client);
            try {
                publish(client, underWay.element());
                settle(underWay.remove());
                succeeded();
            } catch (ControlException e) {
                if (e.reason() == ControlException.Reason.REFUSED) {
                    refused += divide(e, refused);
                } else {
                    failed(e);
                    if (isStopping()) {
                        return;
                    }
                    giveUpOrRetry();
                }
            }
        }
    }

    private void publish(ControlClient client, List<Entry> part) throws ControlException, InterruptedException {
        pace.started();
        Timer.Context timer = metrics.latency.time();
        try {
            client.publish(part.stream().map(Entry::item).toList());
        } catch (RuntimeException e) {
            LOGGER.error("The client of proxy {} failed", proxy.name(), e);
            throw new ControlException(ControlException.Reason.UNAVAILABLE, "cannot be used: " + e, e);
        }
        timer.stop();
        metrics.batchSize.update(part.size());
    }

    private void settle(List<Entry> part) {
        for (Entry entry : part) {
            ProxyItem item = entry.item();
            if (item.isEvent()) {
                metrics.sent.mark();
            } else if (!item.isKick()) {
                metrics.hints.mark();
            }
            if (proxy.transport().isUnacknowledged() && !item.isKick()) {
                recent.add(item);
            }
            entry.announcement().done();
        }
    }

    private void succeeded() {
        pace.succeeded();
        trouble.succeeded();
    }

    private void failed(ControlException failure) {
        metrics.failed.mark();
        pace.failed();
        trouble.failed(failure);
    }

    /** Splits the part that was refused; how many items are known to be bad by that. */
    private int divide(ControlException refusal, int refusedBefore) {
        metrics.failed.mark();
        List<Entry> bad = underWay.remove();
        if (bad.size() > 1 && refusedBefore < MAX_REFUSED) {
            underWay.push(bad.subList(bad.size() / 2, bad.size()));
            underWay.push(bad.subList(0, bad.size() / 2));
            return 0;
        }
        LOGGER.warn(
                "Proxy {} {}; {} item(s) are not sent, of which the first is {}; stored events are made good by a hint",
                proxy.name(),
                refusal.text(),
                bad.size(),
                bad.get(0).item());
        for (Entry entry : bad) {
            if (entry.item().isEvent()) {
                queue.repairFor(entry.item());
            }
            entry.announcement().done();
        }
        return 1;
    }

    /** When the proxy has been away for too long, repairs take the place of all that waits. */
    private void giveUpOrRetry() {
        if (trouble.lasting().compareTo(proxy.limits().giveUpAfter()) < 0) {
            metrics.retried.mark();
        } else {
            queue.replaceByRepairs(underWay.stream().flatMap(List::stream).toList());
            underWay.clear();
        }
    }
}
