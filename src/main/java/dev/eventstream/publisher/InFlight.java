package dev.eventstream.publisher;

import com.google.common.collect.Iterables;
import dev.eventstream.store.Outbox;
import dev.eventstream.store.OutboxEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The announcement rows that this process is busy with: those being announced, and those that are through and wait to be
 * deleted, together so many at most. What does not fit, fails or takes too long is left to the sweep, and so announced
 * again.
 *
 * <p>Thread-safe. No lock is held while rows are deleted.
 */
final class InFlight {
    private static final Logger LOGGER = LoggerFactory.getLogger(InFlight.class);

    /** Rows in here; about 200 bytes each. */
    static final int MAX_ROWS = 50_000;

    /** Rows that one transaction deletes. */
    static final int BATCH = 500;

    /** How long an announcement may take. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Outbox rows;
    private final int maxRows;
    private final Duration patience;

    // guarded by this; the oldest first, with the nanoTime at which it began; no row is in both
    private final Map<OutboxEntry, Long> begun = new LinkedHashMap<>();
    private final Set<OutboxEntry> done = new LinkedHashSet<>();

    // confined to the thread that deletes
    private boolean failing;

    InFlight(Outbox rows) {
        this(rows, MAX_ROWS, PATIENCE);
    }

    InFlight(Outbox rows, int maxRows, Duration patience) {
        this.rows = rows;
        this.maxRows = maxRows;
        this.patience = patience;
    }

    /** Never busy: there are no rows. */
    static InFlight untracked() {
        return new InFlight(new NoRows(), 0, PATIENCE);
    }

    /** An announcement begins. If it does not fit, it is unknown here and its row is left to the sweep. */
    synchronized void begin(OutboxEntry row) {
        if (!isBusyWith(row)) {
            begun.put(row, System.nanoTime());
        }
    }

    /** An announcement is through: its row may be deleted. */
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

    /** Deletes the rows of what is through, and gives up on announcements that take too long. One thread at a time. */
    void deleteDone() {
        abandonLate();
        try {
            for (List<OutboxEntry> some : Iterables.partition(snapshot(), BATCH)) {
                rows.delete(some);
                forget(some);
            }
            if (failing) {
                failing = false;
                LOGGER.info("Announcement rows can be deleted again");
            }
        } catch (RuntimeException e) {
            if (!failing) {
                failing = true;
                LOGGER.warn("Announcement rows cannot be deleted; their events may be announced again", e);
            }
        }
    }

    private synchronized void abandonLate() {
        Iterator<Long> oldest = begun.values().iterator();
        long now = System.nanoTime();
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

    private static final class NoRows implements Outbox {
        @Override
        public List<OutboxEntry> claimDue(int limit) {
            return List.of();
        }

        @Override
        public void delete(Collection<OutboxEntry> announced) {
            // there are none
        }
    }
}
