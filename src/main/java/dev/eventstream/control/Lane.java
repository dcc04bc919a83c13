package dev.eventstream.control;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import com.google.common.base.Ticker;
import dev.eventstream.control.LaneQueue.Entry;
import dev.eventstream.loop.Heartbeat;
import dev.eventstream.loop.Trouble;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

    /** Items of one batch that may be refused one by one; then it is the proxy that is bad, and the rest is not tried. */
    private static final int MAX_REFUSED = 5;

    private final ProxySettings proxy;
    private final LaneQueue queue;
    private final LaneTrouble trouble;
    private final LaneMetrics metrics;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Trouble overflow = new Trouble();
    private final Trouble longItems = new Trouble();
    private final Ticker ticker;
    private final Heartbeat heartbeat;
    private volatile @Nullable Thread runner;
    private volatile long drainUntil;

    // confined to the lane's thread
    private final Pace pace;
    private final RecentItems recent;
    private final Tails tails;
    private final Deque<List<Entry>> underWay = new ArrayDeque<>();

    Lane(ProxySettings proxy, ItemEncoder encoder, MetricRegistry metrics, Heartbeat heartbeat, Ticker ticker) {
        this.proxy = proxy;
        this.queue = new LaneQueue(proxy.limits(), proxy.transport().maxItemBytes(), encoder, ticker);
        this.trouble = new LaneTrouble(proxy, queue, ticker);
        this.tails = new Tails(ticker);
        this.metrics = new LaneMetrics(proxy.name(), queue, tails, metrics);
        this.pace = new Pace(proxy.limits().minInterval(), stopping, ticker);
        this.recent = new RecentItems(ticker);
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
        switch (queue.offer(event, announcement)) {
            case OVERFLOW -> tellOfOverflow();
            case TOO_LONG -> tellOfLength(event);
            case QUEUED, COVERED, CLOSED -> {}
        }
    }

    void kick(List<ProxyItem> items, Duration delay) {
        queue.kick(items, ticker.read() + delay.toNanos());
    }

    private void tellOfOverflow() {
        if (overflow.begins()) {
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
        if (longItems.begins()) {
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

    /** Sends until the lane stops. If anything is thrown, the next round does so with another client. */
    private void runOneClient() {
        try (ControlClient client = proxy.transport().open()) {
            while (!isOver()) {
                turn(client);
                heartbeat.beat();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitAfterFailure() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the lane was interrupted");
        } else if (!isStopping()) {
            boolean unused = stopping.await(AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void end() {
        runner = null;
        if (isStopping()) {
            heartbeat.stop();
        }
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
                        || ticker.read() - drainUntil > 0
                        || !trouble.lasting().isZero());
    }

    private void turn(ControlClient client) throws InterruptedException {
        maintain(client);
        deliver(client);
        repeatQuiet();
        if (!queue.await(tails.dueWithin(IDLE))) {
            tellOfCatchingUp();
            return;
        }
        pace.await();
        if (queue.takeRecoverAll()) {
            recoverAll(client);
        }
        take();
        deliver(client);
    }

    private void take() {
        boolean isTaken = false;
        try {
            List<Entry> batch = queue.take();
            if (!batch.isEmpty()) {
                underWay.push(batch);
            }
            isTaken = true;
        } finally {
            if (!isTaken) {
                // nobody knows what is neither in the queue nor under way
                queue.recoverAll();
            }
        }
    }

    /** Has a quiet channel's last events sent once more, or hinted; see {@link Tails}. */
    private void repeatQuiet() {
        Tails.Due due = tails.take();
        due.repeated().forEach(item -> offer(item.repeated(), Announcement.unheard()));
        due.hinted().forEach(queue::repairFor);
    }

    private void maintain(ControlClient client) {
        if (client.maintain()) {
            repairRecent();
        }
    }

    private void tellOfCatchingUp() {
        if (overflow.ends()) {
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

    /** Sends all that is under way, which is also what an earlier client left. */
    private void deliver(ControlClient client) throws InterruptedException {
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
                    heartbeat.beat();
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
        } catch (RuntimeException | Error e) {
            // the next client tries it again
            failed(new ControlException(ControlException.Reason.UNAVAILABLE, "cannot be used: " + e, e));
            giveUpOrRetry();
            throw e;
        }
        timer.stop();
        metrics.batchSize.update(part.size());
    }

    private void settle(List<Entry> part) {
        for (Entry entry : part) {
            ProxyItem item = entry.item();
            count(item);
            if (item.kind() == ProxyItem.Kind.STORED) {
                tails.add(item);
            }
            if (proxy.transport().isUnacknowledged() && !item.isKick()) {
                recent.add(item);
            }
            entry.announcement().done();
        }
    }

    private void count(ProxyItem item) {
        switch (item.kind()) {
            case STORED, UNSTORED -> metrics.sent.mark();
            case REPEATED -> metrics.repeated.mark();
            case HINT, RESET -> metrics.hints.mark();
            case KICK -> {}
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
