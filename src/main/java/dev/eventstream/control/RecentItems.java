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
 * The channels that items were recently sent to, over a transport without acknowledgements. Each is remembered by its last item
 * for {@link #KEEP}; beyond {@value #MAX} channels, only the fact that there were too many.
 *
 * <p>Confined to the lane's thread.
 */
final class RecentItems {
    /** Longer than it takes to notice a broken connection, and to send what the operating system still buffers. */
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

    /** Takes the last item of each channel. */
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
