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
 * The outbox rows that this process is handling: those that it is announcing, and those that it has announced and not deleted yet.
 * Rows that do not fit, fail or take too long are left to the {@link OutboxSweep}, which announces their events again.
 *
 * <p>Thread-safe. No lock is held while rows are deleted.
 */
final class InFlight {
    /** The most rows in flight; about 200 bytes each. */
    static final int MAX_ROWS = 50_000;

    /** The most rows that one transaction deletes. */
    static final int BATCH = 500;

    /** How long an announcement may take. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Outbox rows;
    private final int maxRows;
    private final Duration patience;
    private final Ticker ticker;

    // guarded by this; oldest first, with the time at which the announcement began; no row is in both
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

    /** Records that an announcement begins. If the row does not fit, it is ignored and left to the sweep. */
    synchronized void begin(OutboxEntry row) {
        if (!isBusyWith(row)) {
            begun.put(row, ticker.read());
        }
    }

    /** Records that an announcement is complete, so its row may be deleted. */
    synchronized void finish(OutboxEntry row) {
        if (begun.remove(row) != null) {
            done.add(row);
        }
    }

    /** Records that an announcement has failed, which leaves its row to the sweep. */
    synchronized void abandon(OutboxEntry row) {
        begun.remove(row);
    }

    /** Whether the row is in flight, or does not fit. */
    synchronized boolean isBusyWith(OutboxEntry row) {
        return begun.containsKey(row) || done.contains(row) || begun.size() + done.size() >= maxRows;
    }

    /**
     * Deletes the rows of announced events, and gives up on announcements that take too long. Call it on one thread at a time.
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
