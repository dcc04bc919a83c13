package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.EventId;
import dev.eventstream.store.EventPage;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.memory.MemoryEventStore;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** A log in memory that counts reads and fails on demand. Confined to the test's thread. */
final class FailingStore extends ForwardingEventStore {
    /** Thrown by every read, unless it is null. */
    @Nullable
    Throwable failure;

    int reads;

    FailingStore() {
        super(new MemoryEventStore(Clock.systemUTC()));
    }

    @Override
    public EventPage readAfter(ChannelName channel, EventId after, PageLimit limit) {
        reads++;
        if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        return super.readAfter(channel, after, limit);
    }
}
