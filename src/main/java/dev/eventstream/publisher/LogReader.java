package dev.eventstream.publisher;

import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.OutboxEntry;
import dev.eventstream.store.PageLimit;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads events that should have committed back from the log.
 *
 * <p>Thread-safe. Reads block for as long as the database takes.
 */
final class LogReader {
    /** The limit of one page. */
    static final PageLimit PAGE = new PageLimit(500, 1 << 20);

    private final EventStore store;

    LogReader(EventStore store) {
        this.store = store;
    }

    /**
     * The events at those positions, page by page. Each page is read when it is requested. If the first events are trimmed, only
     * the last one is returned: its predecessor shows readers at earlier positions that they have missed something.
     *
     * @return no page if none of the events is in the log
     */
    Stream<List<Event>> pages(OutboxEntry run) {
        return Stream.iterate(
                page(run, run.first().previous()),
                page -> !page.isEmpty(),
                page -> page(run, page.get(page.size() - 1).id()));
    }

    private List<Event> page(OutboxEntry run, EventId after) {
        long wanted = run.last().sequence() - after.sequence();
        if (wanted == 0) {
            return List.of();
        }
        PageLimit limit = new PageLimit((int) Math.min(wanted, PAGE.events()), PAGE.characters());
        if (store.readAfter(run.channel(), after, limit) instanceof EventPage.Range found) {
            return found.events().stream().filter(event -> isOf(run, event)).toList();
        }
        return wanted == 1 ? List.of() : page(run, run.last().previous());
    }

    // the position before the first event is the same in every log
    private static boolean isOf(OutboxEntry run, Event event) {
        return event.id().epoch().equals(run.last().epoch());
    }
}
