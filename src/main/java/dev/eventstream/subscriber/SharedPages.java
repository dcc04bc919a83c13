package dev.eventstream.subscriber;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.LogEnd;
import dev.eventstream.store.PageLimit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log for many readers at once: readers that missed the same events share one query and one encoding.
 *
 * <p>Pages start at multiples of {@value #PAGE_EVENTS}, so that readers that return to different positions share them. Committed
 * events never change, so a page never becomes wrong; a reader at its end asks the log.
 *
 * <p>Thread-safe. Blocks while the database works: one thread queries a page, and every other thread that wants it waits, at most
 * {@value SharedQueries#WAIT_SECONDS} s. No lock is held during a query.
 */
final class SharedPages {
    /** Events in a page. */
    static final int PAGE_EVENTS = 256;

    private static final PageLimit LIMIT = new PageLimit(PAGE_EVENTS, 1 << 20);
    private static final Duration KEEP_EVENTS = Duration.ofSeconds(30);
    /** Long enough for all streams of a lost log to share the answer. */
    private static final Duration KEEP_UNAVAILABLE = Duration.ofSeconds(1);

    private final EventStore store;
    private final MemoryBudget memory;
    private final AtomicLong bytes = new AtomicLong();
    private final AsyncCache<Key, Found> pages;
    private final SharedQueries<Key, Found> queries = new SharedQueries<>(this::read);
    private final SharedQueries<ChannelName, Newest> newest = new SharedQueries<>(this::readNewest);

    SharedPages(EventStore store, MemoryBudget memory, Ticker ticker) {
        this.store = store;
        this.memory = memory;
        this.pages = Caffeine.newBuilder()
                .maximumWeight(memory.cacheShare())
                .weigher((Key key, Found found) -> weight(found))
                .expireAfter(Expiry.creating(
                        (Key key, Found found) -> found instanceof Found.Events ? KEEP_EVENTS : KEEP_UNAVAILABLE))
                .removalListener((@Nullable Key key, @Nullable Found found, RemovalCause cause) -> {
                    if (found != null) {
                        release(found);
                    }
                })
                .executor(Runnable::run)
                .ticker(ticker::read)
                .buildAsync();
    }

    /** What follows a position: events (none if the log ends there), or the fact that the position is unavailable. */
    sealed interface Found {
        /**
         * Events that follow one another.
         *
         * @param mayHaveMore false if the log ended after these events when they were read
         * @param isFinished whether the channel was finished after these events when they were read
         */
        record Events(List<EncodedEvent> events, boolean mayHaveMore, boolean isFinished) implements Found {
            Events(List<EncodedEvent> events, boolean mayHaveMore) {
                this(events, mayHaveMore, false);
            }
        }

        record PositionUnavailable(LogEnd end) implements Found {}
    }

    /**
     * The newest event of a channel.
     *
     * @param end where the log ended
     * @param events the newest event, and the end of the channel if that follows it; without trimmed events
     */
    record Newest(LogEnd end, List<EncodedEvent> events) {}

    private record Key(ChannelName channel, EventId after) {}

    /**
     * What follows a position, perhaps from a page that other readers have read.
     *
     * @throws EventStoreException if the log cannot be read
     */
    Found readAfter(ChannelName channel, EventId after) {
        if (after.isNone()) {
            return readExactly(channel, after);
        }
        if (page(new Key(channel, startOfPage(after))) instanceof Found.Events page) {
            List<EncodedEvent> rest = page.events().stream()
                    .filter(event -> isAfter(event.id(), after))
                    .toList();
            if (!rest.isEmpty()) {
                return new Found.Events(rest, true);
            }
        }
        Key exact = new Key(channel, after);
        CompletableFuture<Found> kept = pages.getIfPresent(exact);
        return kept == null ? keep(exact, queries.ask(exact)) : SharedQueries.await(kept);
    }

    /**
     * The log after a position, without any event before it. Threads that read the same position at the same time share
     * a query; nothing is kept.
     *
     * @throws EventStoreException if the log cannot be read
     */
    Found readExactly(ChannelName channel, EventId after) {
        return queries.ask(new Key(channel, after));
    }

    /**
     * The newest event in the log, without any event before it. Threads that ask for the same channel at the same time share a query;
     * nothing is kept.
     *
     * @throws EventStoreException if the log cannot be read
     */
    Newest newest(ChannelName channel) {
        return newest.ask(channel);
    }

    private Newest readNewest(ChannelName channel) {
        LogEnd end = store.ends(List.of(channel)).getOrDefault(channel, LogEnd.open(EventId.NONE));
        EventId before = end.newest().previous();
        Key key = new Key(channel, end.isFinished() ? before.previous() : before);
        if (end.newest().isNone() || !(read(key) instanceof Found.Events page)) {
            return new Newest(end, List.of());
        }
        List<EncodedEvent> events = Tail.newestOf(page.events(), 0);
        return events.isEmpty()
                ? new Newest(end, events)
                : new Newest(new LogEnd(events.get(events.size() - 1).id(), page.isFinished()), events);
    }

    /** The memory that the pages use. */
    long bytes() {
        return bytes.get();
    }

    /** Releases the memory of pages that have expired. */
    void cleanUp() {
        pages.synchronous().cleanUp();
    }

    // the first page starts before any event, at a position without an epoch, so it may hold events of another epoch
    private static EventId startOfPage(EventId after) {
        long start = after.sequence() - after.sequence() % PAGE_EVENTS;
        return start == 0 ? EventId.NONE : new EventId(after.epoch(), start);
    }

    private static boolean isAfter(EventId id, EventId position) {
        return id.epoch().equals(position.epoch()) && id.sequence() > position.sequence();
    }

    private Found page(Key key) {
        CompletableFuture<Found> mine = new CompletableFuture<>();
        CompletableFuture<Found> theirs = pages.asMap().putIfAbsent(key, mine);
        return theirs == null ? readInto(mine, key) : SharedQueries.await(theirs);
    }

    private Found readInto(CompletableFuture<Found> page, Key key) {
        try {
            Found found = read(key);
            if (isNothing(found)) {
                pages.asMap().remove(key, page);
            } else {
                reserve(found);
            }
            page.complete(found);
            return found;
        } catch (Throwable e) { // an Error, too: other threads wait for the page
            pages.asMap().remove(key, page);
            page.completeExceptionally(e);
            throw e;
        }
    }

    private Found keep(Key key, Found found) {
        if (!isNothing(found)) {
            reserve(found);
            if (pages.asMap().putIfAbsent(key, CompletableFuture.completedFuture(found)) != null) {
                release(found);
            }
        }
        return found;
    }

    private Found read(Key key) {
        EventPage page = store.readAfter(key.channel(), key.after(), LIMIT);
        if (page instanceof EventPage.PositionUnavailable lost) {
            return new Found.PositionUnavailable(new LogEnd(lost.newest(), lost.isFinished()));
        }
        EventPage.Range range = (EventPage.Range) page;
        return new Found.Events(
                range.events().stream().map(EncodedEvent::new).toList(), range.hasMore(), range.isFinished());
    }

    // an end of the log is never kept, because the log may continue
    private static boolean isNothing(Found found) {
        return found instanceof Found.Events page && page.events().isEmpty();
    }

    private void reserve(Found found) {
        int weight = weight(found);
        bytes.addAndGet(weight);
        memory.reserve(weight);
    }

    private void release(Found found) {
        int weight = weight(found);
        bytes.addAndGet(-weight);
        memory.release(weight);
    }

    private static int weight(Found found) {
        return found instanceof Found.Events events
                ? events.events().stream().mapToInt(EncodedEvent::footprint).sum()
                : MemoryBudget.EVENT_OVERHEAD;
    }
}
