package dev.eventstream.control;

import com.google.common.base.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a proxy takes what its lane sends. Logs changes only.
 *
 * <p>Written by the lane's thread, read by any.
 */
final class LaneTrouble {
    private static final Logger LOGGER = LoggerFactory.getLogger(LaneTrouble.class);

    private final ProxySettings proxy;
    private final LaneQueue queue;
    private final Ticker ticker;
    private volatile @Nullable Failing failing;

    LaneTrouble(ProxySettings proxy, LaneQueue queue, Ticker ticker) {
        this.proxy = proxy;
        this.queue = queue;
        this.ticker = ticker;
    }

    private record Failing(long sinceNanos, int attempts, String last) {}

    void failed(ControlException failure) {
        Failing before = failing;
        if (before != null) {
            failing = new Failing(before.sinceNanos, before.attempts + 1, failure.text());
            return;
        }
        failing = new Failing(ticker.read(), 1, failure.text());
        LOGGER.warn(
                "Proxy {} at {} {}; {} event(s) and {} hint(s) wait, so its readers get events late; see {}",
                proxy.name(),
                proxy.transport().target(),
                failure.text(),
                queue.queuedEvents(),
                queue.queuedRepairs(),
                proxy.configuredAt());
    }

    void succeeded() {
        Failing before = failing;
        if (before != null) {
            failing = null;
            LOGGER.info(
                    "Proxy {} takes events again, after {} failed attempt(s) in {} ms; {} event(s) and {} hint(s) wait",
                    proxy.name(),
                    before.attempts,
                    lasting(before).toMillis(),
                    queue.queuedEvents(),
                    queue.queuedRepairs());
        }
    }

    /** How long the proxy has taken nothing; zero if its last request succeeded. */
    Duration lasting() {
        Failing now = failing;
        return now == null ? Duration.ZERO : lasting(now);
    }

    private Duration lasting(Failing now) {
        return Duration.ofNanos(ticker.read() - now.sinceNanos);
    }

    LaneStatus status(boolean isRunning) {
        Failing now = failing;
        return new LaneStatus(
                proxy.name(),
                isRunning,
                now == null ? 0 : now.attempts,
                now == null ? "" : now.last,
                now == null ? Duration.ZERO : lasting(now),
                queue.queuedEvents(),
                queue.queuedRepairs());
    }
}
