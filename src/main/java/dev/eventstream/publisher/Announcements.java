package dev.eventstream.publisher;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import dev.eventstream.event.Event;
import dev.eventstream.store.Outbox;
import dev.eventstream.store.OutboxEntry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Announces events to all announcers. With announcement rows it also knows which announcements are under way, and deletes
 * the rows of those that are through; a row whose announcement fails is left to the {@link OutboxSweep}.
 *
 * <p>Thread-safe. Announcers run on the caller's thread, in their order.
 */
public final class Announcements {
    private final List<IsolatedAnnouncer> announcers;
    private final InFlight underway;

    /** Without announcement rows: for announcers whose readers look into the log by themselves. */
    public Announcements(List<Announcer> announcers, MetricRegistry metrics) {
        this(announcers, InFlight.untracked(), metrics);
    }

    /**
     * With announcement rows.
     *
     * @param rows which the store was made to write
     */
    public Announcements(List<Announcer> announcers, Outbox rows, MetricRegistry metrics) {
        this(announcers, new InFlight(rows), metrics);
    }

    private Announcements(List<Announcer> announcers, InFlight underway, MetricRegistry metrics) {
        Meter failures = metrics.meter("eventstream.announce.failures");
        this.announcers = announcers.stream()
                .map(announcer -> new IsolatedAnnouncer(announcer, failures))
                .toList();
        this.underway = underway;
    }

    /** Announces events that one append added to the log, or that are of channels which are not stored. */
    void announce(List<Event> events) {
        List<OutboxEntry> rows = OutboxEntry.of(events);
        rows.forEach(underway::begin);
        whenThrough(tellAll(events), rows);
    }

    /** Whether this process announces the row already, or has so much under way that the row must wait. */
    boolean isBusyWith(OutboxEntry row) {
        return underway.isBusyWith(row);
    }

    /**
     * Announces events as the log has them, perhaps again.
     *
     * @param log what it throws leaves the row to the {@link OutboxSweep}
     * @return how many they are; fewer than the run has if they were trimmed, or never committed
     */
    int announceLogged(OutboxEntry run, LogReader log) {
        underway.begin(run);
        List<CompletableFuture<Void>> announced = new ArrayList<>();
        int events = 0;
        try {
            for (Iterator<List<Event>> pages = log.pages(run).iterator(); pages.hasNext(); ) {
                List<Event> page = pages.next();
                announced.add(tellAll(page));
                events += page.size();
            }
        } catch (RuntimeException | Error e) {
            underway.abandon(run);
            throw e;
        }
        whenThrough(all(announced), List.of(run));
        return events;
    }

    /** Deletes the rows of what was announced. Call it every few hundred milliseconds, and once at the end. */
    public void deleteAnnounced() {
        underway.deleteDone();
    }

    private CompletableFuture<Void> tellAll(List<Event> events) {
        return all(
                announcers.stream().map(announcer -> announcer.announce(events)).toList());
    }

    private void whenThrough(CompletableFuture<Void> announcement, List<OutboxEntry> rows) {
        CompletableFuture<?> unused = announcement.whenComplete(
                (done, failure) -> rows.forEach(failure == null ? underway::finish : underway::abandon));
    }

    private static CompletableFuture<Void> all(List<CompletableFuture<Void>> announcements) {
        return CompletableFuture.allOf(announcements.toArray(CompletableFuture<?>[]::new));
    }
}
