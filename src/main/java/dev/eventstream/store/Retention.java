package dev.eventstream.store;

import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes events that are older than they are to be kept. One run removes all of them, in bounded transactions.
 *
 * <p>Confined to the thread that runs it.
 */
public final class Retention implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Retention.class);

    /** Events that one transaction removes, at most. */
    static final int BATCH = 1_000;

    private final EventStore store;
    private final Clock clock;
    private final Duration age;
    private boolean failing;

    /**
     * @param age how long events are kept
     */
    public Retention(EventStore store, Clock clock, Duration age) {
        this.store = store;
        this.clock = clock;
        this.age = age;
    }

    @Override
    public void run() {
        try {
            int removed = removeAll();
            failing = false;
            if (removed > 0) {
                LOGGER.info("Trimmed {} events older than {}", removed, age);
            }
        } catch (RuntimeException e) {
            if (!failing) {
                failing = true;
                LOGGER.warn("Events older than {} could not be trimmed; it is tried again", age, e);
            }
        }
    }

    private int removeAll() {
        int removed = 0;
        int batch = BATCH;
        while (batch == BATCH && !Thread.currentThread().isInterrupted()) {
            batch = store.trim(clock.instant().minus(age), BATCH);
            removed += batch;
        }
        return removed;
    }
}
