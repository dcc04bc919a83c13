package dev.eventstream.publisher;

import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.event.Event;
import dev.eventstream.store.Outbox;
import dev.eventstream.store.OutboxEntry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Announces events to all announcers. With an outbox, it also tracks which announcements are in flight, and deletes the rows of
 * those that are complete. A row whose announcement fails is left to the {@link OutboxSweep}.
 *
 * <p>Thread-safe. Announcers run on the caller's thread, in the order given.
 */
public final class Announcements {
    private final List<IsolatedAnnouncer> announcers;
    private final @Nullable InFlight inFlight;

    /** Without an outbox: for announcers whose readers read the log anyway. */
    public Announcements(List<Announcer> announcers, MetricRegistry metrics) {
        this(announcers, (InFlight) null, metrics);
    }

    /**
     * With an outbox.
     *
     * @param rows the outbox to which the store writes
     * @param ticker measures how long announcements take
     */
    public Announcements(List<Announcer> announcers, Outbox rows, Ticker ticker, MetricRegistry metrics) {
        this(announcers, new InFlight(rows, ticker), metrics);
    }

    private Announcements(List<Announcer> announcers, @Nullable InFlight inFlight, MetricRegistry metrics) {
        Meter failures = metrics.meter("eventstream.announce.failures");
        this.announcers = announcers.stream()
                .map(announcer -> new IsolatedAnnouncer(announcer, failures))
                .toList();
        this.inFlight = inFlight;
    }

    /**
     * Announces events that one append added to the log, or unstored events.
     *
     * @param sentNanos when the append began
     */
    void announce(List<Event> events, long sentNanos) {
        if (inFlight == null) {
            CompletableFuture<Void> unused = tellAllSent(events, sentNanos);
            return;
        }
        List<OutboxEntry> rows = OutboxEntry.of(events);
        rows.forEach(inFlight::begin);
        whenComplete(inFlight, tellAllSent(events, sentNanos), rows);
    }

    /** Whether this process is already announcing the row, or has too much in flight to announce it now. */
    boolean isBusyWith(OutboxEntry row) {
        return inFlight != null && inFlight.isBusyWith(row);
    }

    /**
     * Announces events as they are in the log, perhaps for the second time. If the log cannot be read, the row is left to the
     * {@link OutboxSweep}.
     *
     * @return the number of events; less than the range has if some were trimmed or never committed
     */
    int announceLogged(OutboxEntry run, LogReader log) {
        return announceLogged(run, log, this::tellAll);
    }

    /**
     * As above, after the application has committed the events.
     *
     * @param committedNanos when it committed
     */
    int announceCommitted(OutboxEntry run, LogReader log, long committedNanos) {
        return announceLogged(run, log, events -> tellAllSent(events, committedNanos));
    }

    private int announceLogged(
            OutboxEntry run, LogReader log, Function<List<Event>, CompletableFuture<Void>> announcement) {
        if (inFlight != null) {
            inFlight.begin(run);
        }
        List<CompletableFuture<Void>> announced = new ArrayList<>();
        int events = 0;
        try {
            for (Iterator<List<Event>> pages = log.pages(run).iterator(); pages.hasNext(); ) {
                List<Event> page = pages.next();
                announced.add(announcement.apply(page));
                events += page.size();
            }
        } catch (RuntimeException | Error e) {
            if (inFlight != null) {
                inFlight.abandon(run);
            }
            throw e;
        }
        if (inFlight != null) {
            whenComplete(inFlight, all(announced), List.of(run));
        }
        return events;
    }

    /**
     * Deletes the rows of announced events. Call it every few hundred milliseconds, and once at the end.
     *
     * @throws dev.eventstream.store.EventStoreException if they cannot be deleted; the next call tries again
     */
    public void deleteAnnounced() {
        if (inFlight != null) {
            inFlight.deleteDone();
        }
    }

    private CompletableFuture<Void> tellAll(List<Event> events) {
        return all(
                announcers.stream().map(announcer -> announcer.announce(events)).toList());
    }

    private CompletableFuture<Void> tellAllSent(List<Event> events, long sentNanos) {
        return all(announcers.stream()
                .map(announcer -> announcer.announceSent(events, sentNanos))
                .toList());
    }

    private static void whenComplete(InFlight inFlight, CompletableFuture<Void> announcement, List<OutboxEntry> rows) {
        CompletableFuture<?> unused = announcement.whenComplete(
                (done, failure) -> rows.forEach(failure == null ? inFlight::finish : inFlight::abandon));
    }

    private static CompletableFuture<Void> all(List<CompletableFuture<Void>> announcements) {
        return CompletableFuture.allOf(announcements.toArray(CompletableFuture<?>[]::new));
    }
}
