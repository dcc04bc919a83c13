package dev.eventstream.control;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which channels were sent to lately, over a transport that never says what arrived. Each is remembered by its last item, for
 * {@link #KEEP}; beyond {@value #MAX} channels it says only that there were too many.
 *
 * <p>Confined to the lane's thread.
 */
final class RecentItems {
    /** Longer than a broken connection goes unnoticed, and than what the system still holds of it takes to be sent. */
    static final Duration KEEP = Duration.ofSeconds(15);

    static final int MAX = 10_000;

    private final Map<ChannelName, Sent> sent = new LinkedHashMap<>();
    private final Ticker ticker;
    private long overflowedAt;
    private boolean overflowed;

    RecentItems(Ticker ticker) {
        this.ticker = ticker;
    }

    private record Sent(ProxyItem item, long atNanos) {}

    void add(ProxyItem item) {
        long now = ticker.read();
        forget(now);
        sent.remove(item.source());
        if (sent.size() >= MAX) {
            overflowed = true;
            overflowedAt = now;
        } else {
            sent.put(item.source(), new Sent(item, now));
        }
    }

    /** Whether there were more channels than are remembered. */
    boolean areTooMany() {
        return overflowed && ticker.read() - overflowedAt < KEEP.toNanos();
    }

    /** The last item of each channel; they are forgotten. */
    List<ProxyItem> take() {
        forget(ticker.read());
        List<ProxyItem> items = new ArrayList<>();
        sent.values().forEach(recent -> items.add(recent.item));
        sent.clear();
        overflowed = false;
        return items;
    }

    private void forget(long now) {
        Iterator<Sent> oldest = sent.values().iterator();
        while (oldest.hasNext() && now - oldest.next().atNanos > KEEP.toNanos()) {
            oldest.remove();
        }
    }
}
