package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;

/** Goes through all channels again and again, at a pace that takes a given time for all of them. Confined to the thread of the poll. */
final class LookRound {
    private final long lengthNanos;
    private final Queue<ChannelName> waiting = new ArrayDeque<>();

    LookRound(long lengthNanos) {
        this.lengthNanos = lengthNanos;
    }

    /**
     * The next channels. Their share of all channels is the share of the round that has passed since the last call.
     *
     * @param channels all of them; what was added since the round began belongs to the next round
     * @param min how many to return at least, if there are as many
     */
    List<ChannelName> next(Collection<ChannelName> channels, int min, long passedNanos) {
        if (waiting.isEmpty()) {
            waiting.addAll(channels);
        }
        double share = Math.min(1, (double) passedNanos / lengthNanos);
        long count = Math.max(min, (long) Math.ceil(channels.size() * share));
        List<ChannelName> next = new ArrayList<>();
        while (next.size() < count && !waiting.isEmpty()) {
            next.add(waiting.remove());
        }
        return next;
    }
}
