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
import dev.eventstream.store.PageLimit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log for many readers at once: readers that missed the same events share one query and one encoding.
 *
 * <p>Pages start at multiples of {@value #PAGE_EVENTS}, so that readers that return to different positions share them. Committed
 * events never change, so a page never becomes wrong; a reader at its end asks the log.
 *
 * <p>Thread-safe. Blocks while the database works: one thread queries a page, and every other thread that wants it waits. No lock is
 * held during a query.
 */
final class SharedPages {
    /** Events in a page. */
    static final int PAGE_EVENTS = 256;

    private static final PageLimit LIMIT = new PageLimit(PAGE_EVENTS, 1 << 20);
    private static final Duration KEEP_EVENTS = Duration.ofSeconds(30);
    /** Long enough for all streams of a lost log to share the answer. */
    private static final Duration KEEP_UNAVAILABLE = Duration.ofSeconds(1);

    private static final int WAIT_SECONDS = 30;

    private final EventStore store;
    private final MemoryBudget memory;
    private final AsyncCache<Key, Found> pages;

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
                        memory.release(weight(found));
                    }
                })
                .executor(Runnable::run)
                .ticker(ticker::read)
                .buildAsync();
    }

    /** What follows a position: events (none if the log ends there), or the fact that the position is unavailable. */
    sealed interface Found {
        record Events(List<EncodedEvent> events) implements Found {
            private static final Events NONE = new Events(List.of());
        }

        record PositionUnavailable(EventId newest) implements Found {}
    }

    private record Key(ChannelName channel, EventId after) {}

    /**
     * A page that may be shared.
     *
     * @param isFresh whether it was read for this very call
     */
    private record Answer(Found found, boolean isFresh) {}

    /**
     * @throws EventStoreException if the log cannot be read
     */
    Found readAfter(ChannelName channel, EventId after) {
        if (after.isNone()) {
            return read(channel, after);
        }
        if (shared(channel, startOfPage(after)).found() instanceof Found.Events page) {
            List<EncodedEvent> rest = page.events().stream()
                    .filter(event -> isAfter(event.id(), after))
                    .toList();
            if (!rest.isEmpty()) {
                return new Found.Events(rest);
            }
        }
        Answer exact = shared(channel, after);
        return exact.isFresh() || !Found.Events.NONE.equals(exact.found()) ? exact.found() : read(channel, after);
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

    private Answer shared(ChannelName channel, EventId after) {
        Key key = new Key(channel, after);
        CompletableFuture<Found> mine = new CompletableFuture<>();
        CompletableFuture<Found> theirs = pages.asMap().putIfAbsent(key, mine);
        return theirs == null ? new Answer(readInto(mine, key), true) : new Answer(await(theirs), false);
    }

    private Found readInto(CompletableFuture<Found> page, Key key) {
        try {
            Found found = read(key.channel(), key.after());
            if (Found.Events.NONE.equals(found)) {
                pages.asMap().remove(key, page);
            } else {
                memory.reserve(weight(found));
            }
            page.complete(found);
            return found;
        } catch (Throwable e) { // an Error, too: other threads wait for the page
            pages.asMap().remove(key, page);
            page.completeExceptionally(e);
            throw e;
        }
    }

    private static Found await(CompletableFuture<Found> page) {
        try {
            return page.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EventStoreException("interrupted while another thread read the log", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new EventStoreException("another thread could not read the log", e);
        }
    }

    private Found read(ChannelName channel, EventId after) {
        EventPage page = store.readAfter(channel, after, LIMIT);
        if (page instanceof EventPage.PositionUnavailable lost) {
            return new Found.PositionUnavailable(lost.newest());
        }
        return new Found.Events(((EventPage.Range) page)
                .events().stream().map(EncodedEvent::new).toList());
    }

    private static int weight(Found found) {
        return found instanceof Found.Events events
                ? events.events().stream().mapToInt(EncodedEvent::footprint).sum()
                : MemoryBudget.EVENT_OVERHEAD;
    }
}
