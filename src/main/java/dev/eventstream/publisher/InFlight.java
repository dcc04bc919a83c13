package dev.eventstream.publisher;

import com.google.common.base.Ticker;
import com.google.common.collect.Iterables;
import dev.eventstream.store.Outbox;
import dev.eventstream.store.OutboxEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The outbox rows that this process is busy with: those being announced, and those that are announced and wait to be deleted. What
 * does not fit, fails or takes too long is left to the {@link OutboxSweep}, and so announced again.
 *
 * <p>Thread-safe. No lock is held while rows are deleted.
 */
final class InFlight {
    /** Rows in here; about 200 bytes each. */
    static final int MAX_ROWS = 50_000;

    /** Rows that one transaction deletes. */
    static final int BATCH = 500;

    /** How long an announcement may take. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Outbox rows;
    private final int maxRows;
    private final Duration patience;
    private final Ticker ticker;

    // guarded by this; the oldest first, with the time at which it began; no row is in both
    private final Map<OutboxEntry, Long> begun = new LinkedHashMap<>();
    private final Set<OutboxEntry> done = new LinkedHashSet<>();

    InFlight(Outbox rows, Ticker ticker) {
        this(rows, MAX_ROWS, PATIENCE, ticker);
    }

    InFlight(Outbox rows, int maxRows, Duration patience, Ticker ticker) {
        this.rows = rows;
        this.maxRows = maxRows;
        this.patience = patience;
        this.ticker = ticker;
    }

    /** An announcement begins. If it does not fit, it is unknown here and its row is left to the sweep. */
    synchronized void begin(OutboxEntry row) {
        if (!isBusyWith(row)) {
            begun.put(row, ticker.read());
        }
    }

    /** An announcement is complete: its row may be deleted. */
    synchronized void finish(OutboxEntry row) {
        if (begun.remove(row) != null) {
            done.add(row);
        }
    }

    /** An announcement has failed: its row is left to the sweep. */
    synchronized void abandon(OutboxEntry row) {
        begun.remove(row);
    }

    /** Whether the row is in here, or does not fit. */
    synchronized boolean isBusyWith(OutboxEntry row) {
        return begun.containsKey(row) || done.contains(row) || begun.size() + done.size() >= maxRows;
    }

    /**
     * Deletes the rows of what is announced, and gives up on announcements that take too long. One thread at a time.
     *
     * @throws dev.eventstream.store.EventStoreException if the rows cannot be deleted; the next call tries again
     */
    void deleteDone() {
        abandonLate();
        for (List<OutboxEntry> some : Iterables.partition(snapshot(), BATCH)) {
            rows.delete(some);
            forget(some);
        }
    }

    private synchronized void abandonLate() {
        Iterator<Long> oldest = begun.values().iterator();
        long now = ticker.read();
        while (oldest.hasNext() && now - oldest.next() > patience.toNanos()) {
            oldest.remove();
        }
    }

    private synchronized List<OutboxEntry> snapshot() {
        return new ArrayList<>(done);
    }

    private synchronized void forget(List<OutboxEntry> deleted) {
        deleted.forEach(done::remove);
    }
}
