package dev.eventstream.control;

import com.codahale.metrics.Timer;
import dev.eventstream.loop.Heartbeat;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of a lane: takes batches from its queue and sends each until the proxy has taken it, or until something else takes
 * its place.
 *
 * <p>A request that fails is repeated with the same ids, so a proxy that did receive it drops the repetition. Once the proxy has
 * taken nothing for {@link LaneLimits#giveUpAfter}, repairs replace everything that waits. A batch that the proxy refuses is
 * divided until the bad item is found.
 *
 * <p>Confined to the lane's thread.
 */
final class Delivery {
    private static final Logger LOGGER = LoggerFactory.getLogger(Delivery.class);

    /** Parts of one batch that are searched for a bad item. After that the fault is the proxy's, and the rest is not tried. */
    private static final int MAX_REFUSED = 5;

    private final ProxySettings proxy;
    private final LaneQueue queue;
    private final SentItems sent;
    private final LaneTrouble trouble;
    private final LaneMetrics metrics;
    private final Pace pace;
    private final Heartbeat heartbeat;
    private final Deque<List<QueuedItem>> underWay = new ArrayDeque<>();

    Delivery(
            ProxySettings proxy,
            LaneQueue queue,
            SentItems sent,
            LaneTrouble trouble,
            LaneMetrics metrics,
            Pace pace,
            Heartbeat heartbeat) {
        this.proxy = proxy;
        this.queue = queue;
        this.sent = sent;
        this.trouble = trouble;
        this.metrics = metrics;
        this.pace = pace;
        this.heartbeat = heartbeat;
    }

    /** Sends what waits in the queue: a request to recover everything, if there is one, and one batch. */
    void sendNext(ControlClient client) throws InterruptedException {
        pace.await();
        Optional<ReplacedEvents> everything = queue.takeRecoverAll();
        if (everything.isPresent()) {
            recoverAll(client, everything.get());
        }
        take();
        finish(client);
    }

    private void recoverAll(ControlClient client, ReplacedEvents brought) throws InterruptedException {
        pace.started();
        try {
            client.recoverAll();
            brought.done();
            succeeded();
            LOGGER.info("Proxy {} asks for everything that its readers missed", proxy.name());
        } catch (ControlException e) {
            if (e.reason() == ControlException.Reason.UNAVAILABLE || e.reason() == ControlException.Reason.DENIED) {
                queue.recoverAll(brought);
                failed(e);
                giveUpIfLate();
            } else {
                brought.done();
                LOGGER.warn(
                        "Proxy {} cannot be made to ask for everything that its readers missed ({}); they get it with the next"
                                + " event of its channel, or when their link expires",
                        proxy.name(),
                        e.text());
            }
        } catch (RuntimeException | Error e) {
            // the next client tries it again
            queue.recoverAll(brought);
            failed(unusable(e));
            giveUpIfLate();
            throw e;
        }
    }

    private void take() {
        boolean isTaken = false;
        try {
            List<QueuedItem> batch = queue.take();
            if (!batch.isEmpty()) {
                underWay.push(batch);
            }
            isTaken = true;
        } finally {
            if (!isTaken) {
                // items that have left the queue and are not under way would be lost
                queue.recoverAll();
            }
        }
    }

    /** Sends everything that is under way, including what an earlier client left. */
    void finish(ControlClient client) throws InterruptedException {
        int refused = 0;
        while (!underWay.isEmpty()) {
            pace.await();
            sent.maintain(client);
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
                    if (pace.isStopping()) {
                        return;
                    }
                    giveUpOrRetry();
                }
            }
        }
    }

    private void publish(ControlClient client, List<QueuedItem> part) throws ControlException, InterruptedException {
        pace.started();
        Timer.Context timer = metrics.latency.time();
        try {
            client.publish(part.stream().map(QueuedItem::item).toList());
        } catch (RuntimeException | Error e) {
            // the next client tries it again
            failed(unusable(e));
            giveUpOrRetry();
            throw e;
        }
        timer.stop();
        metrics.batchSize.update(part.size());
    }

    private void settle(List<QueuedItem> part) {
        for (QueuedItem queued : part) {
            metrics.taken(queued.item());
            sent.add(queued.item());
            queued.done();
        }
    }

    private static ControlException unusable(Throwable cause) {
        return new ControlException(ControlException.Reason.UNAVAILABLE, "cannot be used: " + cause, cause);
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

    /** Splits a part that was refused, or repairs it if it cannot be split; returns how many parts turned out bad. */
    private int divide(ControlException refusal, int refusedBefore) {
        metrics.failed.mark();
        List<QueuedItem> bad = underWay.remove();
        if (bad.size() > 1 && refusedBefore < MAX_REFUSED) {
            underWay.push(bad.subList(bad.size() / 2, bad.size()));
            underWay.push(bad.subList(0, bad.size() / 2));
            return 0;
        }
        LOGGER.warn(
                "Proxy {} {}; {} item(s) are not sent, of which the first is {}; hints replace stored events",
                proxy.name(),
                refusal.text(),
                bad.size(),
                bad.get(0).item());
        for (QueuedItem queued : bad) {
            if (queued.item().isEvent()) {
                queue.replaceByRepair(queued);
            } else {
                queued.done();
            }
        }
        return 1;
    }

    private void giveUpOrRetry() {
        if (!giveUpIfLate()) {
            metrics.retried.mark();
        }
    }

    private boolean giveUpIfLate() {
        boolean isLate = trouble.lasting().compareTo(proxy.limits().giveUpAfter()) >= 0;
        if (isLate) {
            queue.giveUp(underWay.stream().flatMap(List::stream).toList());
            underWay.clear();
        }
        return isLate;
    }

    /** Fails the announcements of everything that is under way, because the lane ends; returns the number of items. */
    int abandon() {
        underWay.forEach(part -> part.forEach(QueuedItem::abandoned));
        return underWay.stream().mapToInt(List::size).sum();
    }
}
