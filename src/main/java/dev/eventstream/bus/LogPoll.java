package dev.eventstream.bus;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.loop.Trouble;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the newest positions of the channels that this node's readers follow, and announces them. Each poll costs one query per 500
 * channels, and none if there are no readers. It finds events that the bus does not announce, and those whose announcement was lost
 * on the bus or on this node.
 *
 * <p>Confined to the thread that runs it, except {@link #soon()}.
 */
public final class LogPoll implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogPoll.class);

    private final EventStore store;
    private final Supplier<Collection<ChannelName>> channels;
    private final Consumer<Map<ChannelName, EventId>> announce;
    private final Ticker ticker;
    private final long intervalNanos;
    private final AtomicBoolean isDue = new AtomicBoolean(true);

    // the thread only
    private final Trouble failing = new Trouble();
    private long polledAtNanos;

    /**
     * @param channels the channels that readers of this node follow
     * @param announce gets the newest position of each
     * @param interval how often to poll
     */
    public LogPoll(
            EventStore store,
            Supplier<Collection<ChannelName>> channels,
            Consumer<Map<ChannelName, EventId>> announce,
            Duration interval,
            Ticker ticker) {
        this.store = store;
        this.channels = channels;
        this.announce = announce;
        this.ticker = ticker;
        this.intervalNanos = interval.toNanos();
        this.polledAtNanos = ticker.read();
    }

    /** Makes the next run poll, even if the interval has not passed yet. Thread-safe. */
    public void soon() {
        isDue.set(true);
    }

    /** Polls if a poll is due. */
    @Override
    public void run() {
        long now = ticker.read();
        if (isDue.getAndSet(false) || now - polledAtNanos >= intervalNanos) {
            polledAtNanos = now;
            poll();
        }
    }

    private void poll() {
        try {
            Collection<ChannelName> read = channels.get();
            if (!read.isEmpty()) {
                announce.accept(store.newest(read));
            }
            succeeded();
        } catch (EventStoreException e) {
            failed(e);
        }
    }

    private void succeeded() {
        if (failing.ends()) {
            LOGGER.info("The event log can be read again; events of other nodes arrive");
        }
    }

    private void failed(EventStoreException failure) {
        if (failing.begins()) {
            LOGGER.warn(
                    "The event log cannot be read; events of other nodes are delayed until it can: {}",
                    failure.getMessage());
        }
        LOGGER.debug("The event log cannot be read", failure);
    }
}
