package dev.eventstream.control;

import com.google.common.base.Ticker;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The items that a proxy took recently and may have lost all the same: repeated when their channel goes quiet (see {@link Tails}),
 * and hinted when a connection without acknowledgements breaks (see {@link RecentItems}).
 *
 * <p>Confined to the lane's thread, except {@link #unrepeated()}.
 */
final class SentItems {
    private static final Logger LOGGER = LoggerFactory.getLogger(SentItems.class);

    private final ProxySettings proxy;
    private final LaneQueue queue;
    private final LaneIntake intake;
    private final Tails tails;
    private final SentResets resets;
    private final RecentItems recent;

    SentItems(ProxySettings proxy, LaneQueue queue, LaneIntake intake, Ticker ticker) {
        this.proxy = proxy;
        this.queue = queue;
        this.intake = intake;
        this.tails = new Tails(ticker);
        this.resets = new SentResets(ticker);
        this.recent = new RecentItems(ticker);
    }

    /** Remembers an item that the proxy took. */
    void add(ProxyItem item) {
        if (item.kind() == ProxyItem.Kind.STORED) {
            tails.add(item);
        } else if (item.kind() == ProxyItem.Kind.RESET) {
            resets.add(item);
        }
        if (proxy.transport().isUnacknowledged() && !item.isKick()) {
            recent.add(item);
        }
    }

    /** Maintains the connection, and hints what may have been lost with the previous one. */
    void maintain(ControlClient client) {
        if (client.maintain()) {
            repairRecent();
        }
    }

    private void repairRecent() {
        boolean all = recent.areTooMany();
        List<ProxyItem> items = recent.take();
        LOGGER.info(
                "Proxy {} lost its connection; {} channel(s) are hinted, because their last items may not have arrived",
                proxy.name(),
                all ? "all" : items.size());
        items.forEach(queue::repairFor);
        if (all) {
            queue.recoverAll();
        }
    }

    /** Queues the last events of quiet channels once more, or hints them, and repeats resets. */
    void repeatQuiet() {
        Tails.Due due = tails.take();
        due.repeated().forEach(item -> intake.offer(item.repeated(), Announcement.unheard()));
        due.hinted().forEach(queue::repairFor);
        resets.takeDue().forEach(queue::repairFor);
    }

    /** Nanoseconds until {@link #repeatQuiet} may have work, at most {@code longest}. */
    long dueWithin(long longest) {
        return resets.dueWithin(tails.dueWithin(longest));
    }

    /** How many channels were not remembered for a repetition, since the start. Any thread. */
    long unrepeated() {
        return tails.forgotten();
    }
}
