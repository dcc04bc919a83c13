package dev.eventstream.retention;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.ForwardingEventStore;
import dev.eventstream.store.TrimLimit;
import java.time.Instant;

/** A store on which trimming takes time. */
final class SlowTrim extends ForwardingEventStore {
    private final Runnable time;

    SlowTrim(EventStore store, Runnable time) {
        super(store);
        this.time = time;
    }

    @Override
    public int trim(ChannelName channel, TrimLimit keep, int batch) {
        time.run();
        return super.trim(channel, keep, batch);
    }

    @Override
    public int trim(Instant before, int batch) {
        int trimmed = super.trim(before, batch);
        if (trimmed > 0) {
            time.run();
        }
        return trimmed;
    }
}
