package dev.eventstream.subscriber;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The recent events of all channels, in the order in which they came. They may use a share of the {@link MemoryBudget};
 * beyond it the oldest leave the tail of their feed, whatever channel they are of, so idle channels keep nothing from busy ones.
 * A feed that is forgotten or reset gives its events back as they grow old.
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

    /** Has the feed accept an event, and makes room for it if it is the next one. */
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
