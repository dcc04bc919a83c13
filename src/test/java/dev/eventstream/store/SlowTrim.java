package dev.eventstream.store;

import dev.eventstream.channel.ChannelName;

/** A store on which trimming a channel takes its time. */
final class SlowTrim extends ForwardingEventStore {
    private final Runnable time;

    SlowTrim(EventStore store, Runnable time) {
        super(store);
        this.time = time;
    }

    @Override
    public int trim(ChannelName channel, Keep keep, int batch) {
        time.run();
        return super.trim(channel, keep, batch);
    }
}
