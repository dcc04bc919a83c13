package dev.eventstream.control;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Resets that a proxy took, until each is sent once more. A reset follows a flood of events, and Pushpin drops what exceeds a stream's
 * buffer without a word; the reader of an unstored channel would not learn that it has missed events. A reader that did get the first
 * reset gets another one, which does no harm.
 *
 * <p>Bounded: beyond {@value #MAX} channels, a reset is not repeated.
 *
 * <p>Confined to the lane's thread.
 */
final class SentResets {
    /** When a reset is repeated. A full queue of a lane is delivered well before. */
    static final Duration DELAY = Duration.ofSeconds(5);

    static final int MAX = Repairs.MAX;

    private final Ticker ticker;

    // by channel, in order, the first resets and when they were taken
    private final Map<ChannelName, Sent> first = new LinkedHashMap<>();
    private final Set<ChannelName> repeating = new HashSet<>();

    private record Sent(ProxyItem reset, long atNanos) {}

    SentResets(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Remembers a reset that the proxy took, unless it is a repetition. */
    void add(ProxyItem reset) {
        ChannelName channel = reset.source();
        if (!repeating.remove(channel) && (first.size() < MAX || first.containsKey(channel))) {
            first.remove(channel);
            first.put(channel, new Sent(reset, ticker.read()));
        }
    }

    /** Nanoseconds until a repetition is due, no more than {@code longest}. */
    long dueWithin(long longest) {
        return first.isEmpty()
                ? longest
                : Math.max(
                        0, Math.min(longest, dueNanos(first.values().iterator().next()) - ticker.read()));
    }

    /** Takes the resets that are to be sent once more. */
    List<ProxyItem> takeDue() {
        List<ProxyItem> due = new ArrayList<>();
        long now = ticker.read();
        for (Iterator<Sent> oldest = first.values().iterator(); oldest.hasNext(); ) {
            Sent next = oldest.next();
            if (dueNanos(next) - now > 0) {
                break;
            }
            oldest.remove();
            repeating.add(next.reset().source());
            due.add(next.reset());
        }
        return due;
    }

    private static long dueNanos(Sent sent) {
        return sent.atNanos() + DELAY.toNanos();
    }
}
