package dev.eventstream.publisher;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.Outbox;
import dev.eventstream.store.OutboxEntry;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces events that were committed and not announced, because a process ended between the two, an announcement failed, or the
 * commit was not reported. A run takes one cheap query if there is nothing to do.
 *
 * <p>An event may be announced twice, with the same id, but is never left out: one node claims the row and deletes it
 * after the announcement. If that node ends too, the row is due again later.
 *
 * <p>Confined to the thread that runs it.
 */
public final class OutboxSweep implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(OutboxSweep.class);

    /** The most rows claimed in one transaction. */
    static final int BATCH = 200;

    /** The most transactions in one run, so that a run ends even with a large backlog. */
    static final int MAX_BATCHES = 5;

    private final Outbox rows;
    private final LogReader log;
    private final Announcements announcements;
    private final Meter announced;

    public OutboxSweep(EventStore store, Outbox rows, Announcements announcements, MetricRegistry metrics) {
        this.rows = rows;
        this.log = new LogReader(store);
        this.announcements = announcements;
        this.announced = metrics.meter("eventstream.sweep.announced");
    }

    /**
     * {@inheritDoc}
     *
     * @throws dev.eventstream.store.EventStoreException if the rows or the log cannot be read; the next run tries again
     */
    @Override
    public void run() {
        int batches = 0;
        while (batches < MAX_BATCHES && sweepBatch() == BATCH) {
            batches++;
        }
    }

    private int sweepBatch() {
        List<OutboxEntry> due = rows.claimDue(BATCH);
        for (OutboxEntry row : due) {
            if (!announcements.isBusyWith(row)) {
                LOGGER.debug("Announcing {} again", row);
                announced.mark(announcements.announceLogged(row, log));
            }
        }
        return due.size();
    }
}
