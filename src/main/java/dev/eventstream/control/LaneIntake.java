package dev.eventstream.control;

import dev.eventstream.loop.Trouble;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts events in a lane's queue, and logs when the queue overflows, when it is empty again, and once if an event is too long.
 *
 * <p>Thread-safe.
 */
final class LaneIntake {
    private static final Logger LOGGER = LoggerFactory.getLogger(LaneIntake.class);

    private final ProxySettings proxy;
    private final LaneQueue queue;
    private final Supplier<LaneStatus> status;
    private final Trouble overflow = new Trouble();
    private final Trouble longItems = new Trouble();

    LaneIntake(ProxySettings proxy, LaneQueue queue, Supplier<LaneStatus> status) {
        this.proxy = proxy;
        this.queue = queue;
        this.status = status;
    }

    void offer(ProxyItem event, Announcement announcement) {
        switch (queue.offer(event, announcement)) {
            case OVERFLOW -> reportOverflow();
            case TOO_LONG -> reportLength(event);
            case QUEUED, COVERED, CLOSED -> {}
        }
    }

    /** Nothing waits any more. */
    void drained() {
        if (overflow.ends()) {
            LOGGER.info("Proxy {} has caught up; nothing waits", proxy.name());
        }
    }

    private void reportOverflow() {
        if (overflow.begins()) {
            LOGGER.warn(
                    "Proxy {}: more than {} events or {} bytes waited, so hints replace them; readers get stored events late,"
                            + " and a stream-reset for unstored ones. {}; see {}",
                    proxy.name(),
                    proxy.limits().maxQueuedEvents(),
                    proxy.limits().maxQueuedBytes(),
                    status.get().summary(),
                    proxy.configuredAt());
        }
    }

    private void reportLength(ProxyItem event) {
        if (longItems.begins()) {
            LOGGER.warn(
                    "Proxy {} accepts items of at most {} bytes, and {} has {}: such events are not pushed, but hinted, so that"
                            + " readers fetch them. This is logged once",
                    proxy.name(),
                    proxy.transport().maxItemBytes(),
                    event,
                    event.length());
        }
    }
}
