package dev.eventstream.subscriber;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.PageLimit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log for many readers at once: those who missed the same events share one query and one encoding.
 *
 * <p>Pages start at multiples of {@value #PAGE_EVENTS}, so that readers who return from different positions meet in the same
 * ones. Committed events never change, so a page stays true as far as it goes; where it ends without an answer the log is
 * asked.
 *
 * <p>Thread-safe. Blocks while the database works; one query per page, whoever else wants it waits for it.
 */
final class SharedPages {
    /** Events in a page. */
    static final int PAGE_EVENTS = 256;

    private static final PageLimit LIMIT = new PageLimit(PAGE_EVENTS, 1 << 20);
    private static final long CACHED_BYTES = 32L << 20;
    private static final Duration CACHED_FOR = Duration.ofSeconds(30);
    private static final int OVERHEAD_BYTES = 100;

    private final EventStore store;
    private final Cache<Key, List<EncodedEvent>> pages = Caffeine.newBuilder()
            .maximumWeight(CACHED_BYTES)
            .weigher(SharedPages::weight)
            .expireAfterWrite(CACHED_FOR)
            .build();

    SharedPages(EventStore store) {
        this.store = store;
    }

    /** What follows a position: events, none if the log ends there, or the news that the position is lost. */
    sealed interface Found {
        record Events(List<EncodedEvent> events) implements Found {}

        record PositionUnavailable(EventId newest) implements Found {}
    }

    Found readAfter(ChannelName channel, EventId after) {
        if (after.isNone()) {
            return read(channel, after);
        }
        List<EncodedEvent> rest = shared(channel, startOfPage(after)).events().stream()
                .filter(event -> isAfter(event.id(), after))
                .toList();
        if (!rest.isEmpty()) {
            return new Found.Events(rest);
        }
        Shared exact = shared(channel, after);
        if (!exact.events().isEmpty()) {
            return new Found.Events(exact.events());
        }
        Found own = exact.own();
        return own == null ? read(channel, after) : own;
    }

    // the first page starts before any event, at a position that has no epoch; so events of another epoch may be found
    // there
    private static EventId startOfPage(EventId after) {
        long start = after.sequence() - after.sequence() % PAGE_EVENTS;
        return start == 0 ? EventId.NONE : new EventId(after.epoch(), start);
    }

    private static boolean isAfter(EventId id, EventId position) {
        return id.epoch().equals(position.epoch()) && id.sequence() > position.sequence();
    }

    /** A page as it is shared, empty if there is none to share, and what this thread found if it read. */
    private record Shared(
            List<EncodedEvent> events, @Nullable Found own) {}

    private Shared shared(ChannelName channel, EventId after) {
        AtomicReference<@Nullable Found> own = new AtomicReference<>();
        Key wanted = new Key(channel, after);
        List<EncodedEvent> page = pages.get(wanted, key -> {
            Found found = read(channel, after);
            own.set(found);
            return found instanceof Found.Events events ? events.events() : List.of();
        });
        if (page.isEmpty()) {
            pages.invalidate(wanted);
        }
        return new Shared(page, own.get());
    }

    private Found read(ChannelName channel, EventId after) {
        EventPage page = store.readAfter(channel, after, LIMIT);
        if (page instanceof EventPage.PositionUnavailable lost) {
            return new Found.PositionUnavailable(lost.newest());
        }
        return new Found.Events(((EventPage.Range) page)
                .events().stream().map(EncodedEvent::new).toList());
    }

    private static int weight(Key key, List<EncodedEvent> events) {
        return events.stream()
                .mapToInt(event -> event.length() + OVERHEAD_BYTES)
                .sum();
    }

    private record Key(ChannelName channel, EventId after) {}
}
