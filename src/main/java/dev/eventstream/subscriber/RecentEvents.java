package dev.eventstream.subscriber;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The recent events of all channels, in order of arrival. They may use a share of the {@link MemoryBudget}; beyond it, the oldest
 * events leave the tails of their feeds, whichever channels they belong to, so idle channels take no memory from busy ones. Events
 * of a feed that was forgotten or reset are counted until they become the oldest.
 *
 * <p>Thread-safe; never blocks.
 */
final class RecentEvents {
    private final MemoryBudget memory;
    private final ConcurrentLinkedQueue<Entry> events = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();

    RecentEvents(MemoryBudget memory) {
        this.memory = memory;
    }

    private record Entry(ChannelFeed feed, EncodedEvent event) {}

    /** Has the feed accept an event, and drops old events if the feed keeps it. */
    ChannelFeed.Verdict accept(ChannelFeed feed, EncodedEvent event) {
        Entry entry = new Entry(feed, event);
        ChannelFeed.Verdict verdict = feed.accept(event);
        if (verdict == ChannelFeed.Verdict.NEXT) {
            events.add(entry);
            count(event.footprint());
            makeRoom();
        }
        return verdict;
    }

    /** The memory that they use. */
    long bytes() {
        return bytes.get();
    }

    private void makeRoom() {
        while (bytes.get() > memory.cacheShare()) {
            Entry oldest = events.poll();
            if (oldest == null) {
                return;
            }
            oldest.feed().forget(oldest.event());
            count(-oldest.event().footprint());
        }
    }

    private void count(int change) {
        bytes.addAndGet(change);
        memory.reserve(change);
    }
}
