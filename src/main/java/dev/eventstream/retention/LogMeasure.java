package dev.eventstream.retention;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.loop.Trouble;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.LogSize;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the store for the size of the log once a minute, however often the metrics are read: the gauges {@code eventstream.log.events},
 * {@code eventstream.log.bytes} and {@code eventstream.log.age-seconds}. They are 0 if the store cannot tell. If it fails, they
 * keep their values.
 *
 * <p>Confined to the thread that runs it, except for the gauges.
 */
public final class LogMeasure implements Runnable {
    static final Duration EVERY = Duration.ofMinutes(1);

    private static final Logger LOGGER = LoggerFactory.getLogger(LogMeasure.class);

    private final EventStore store;
    private final Clock clock;
    private final Ticker ticker;
    private final Trouble failing = new Trouble();
    private volatile LogSize size = new LogSize(0, 0, Instant.MAX);

    // the thread only
    private long measuredAtNanos;

    /**
     * @param clock the clock of the senders, by which the age is measured
     * @param ticker measures the time between two queries
     * @param metrics receives the gauges
     */
    public LogMeasure(EventStore store, Clock clock, Ticker ticker, MetricRegistry metrics) {
        this.store = store;
        this.clock = clock;
        this.ticker = ticker;
        this.measuredAtNanos = ticker.read() - EVERY.toNanos();
        metrics.gauge("eventstream.log.events", () -> () -> size.events());
        metrics.gauge("eventstream.log.bytes", () -> () -> size.bytes());
        metrics.gauge("eventstream.log.age-seconds", () -> this::ageSeconds);
    }

    @Override
    public void run() {
        long now = ticker.read();
        if (now - measuredAtNanos >= EVERY.toNanos()) {
            measuredAtNanos = now;
            measure();
        }
    }

    private void measure() {
        try {
            Optional<LogSize> measured = store.size();
            measured.ifPresent(found -> size = found);
            if (failing.ends()) {
                LOGGER.info("The size of the log can be read again");
            }
        } catch (EventStoreException e) {
            if (failing.begins()) {
                LOGGER.warn(
                        "The size of the log cannot be read, so the metrics eventstream.log.… stay as they are: {}",
                        e.getMessage());
            }
            LOGGER.debug("The size of the log cannot be read", e);
        }
    }

    private long ageSeconds() {
        Instant oldest = size.oldest();
        return oldest.equals(Instant.MAX)
                ? 0
                : Math.max(0, Duration.between(oldest, clock.instant()).toSeconds());
    }
}
