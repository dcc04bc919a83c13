package dev.eventstream.control;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The last items of each channel, until the channel has been quiet for {@link #QUIET}. Then they are repeated or hinted, because
 * a proxy that lost them notices only at the next event (decision 17).
 *
 * <p>A repetition has no effect if nothing was lost: the proxy drops an item whose id it has seen within the last minute. A channel
 * that ended with a burst is hinted instead, because Pushpin drops what exceeds a stream's buffer after it has seen the id.
 *
 * <p>Bounded: beyond {@value #MAX_CHANNELS} channels or {@value #MAX_BYTES} bytes the channel that has been quiet longest is
 * forgotten, and counted; at most {@value #MAX_AT_ONCE} items are taken in {@link #INTERVAL}.
 *
 * <p>Confined to the lane's thread, except {@link #forgotten()}.
 */
final class Tails {
    /** A channel without an event for this long is quiet. */
    static final Duration QUIET = Duration.ofSeconds(2);

    /** Items are taken no more often than this. */
    static final Duration INTERVAL = Duration.ofMillis(100);

    /** A proxy may forget an id after a minute, so an item is repeated well before that, or not at all. */
    static final Duration TOO_OLD = Duration.ofSeconds(30);

    static final int MAX_CHANNELS = 10_000;
    static final long MAX_BYTES = 8L << 20;
    static final int MAX_AT_ONCE = 100;

    /** Pushpin queues 100 items for a stream, in addition to 200,000 bytes under way. */
    static final int BURST_ITEMS = 100;

    static final int BURST_BYTES = 150_000;

    private final Ticker ticker;
    private final Map<ChannelName, Tail> tails = new LinkedHashMap<>();
    private long bytes;
    private long lastTakenNanos;
    private final AtomicLong forgotten = new AtomicLong();

    Tails(Ticker ticker) {
        this.ticker = ticker;
        this.lastTakenNanos = ticker.read() - INTERVAL.toNanos();
    }

    /**
     * The items that are due.
     *
     * @param repeated items to send again, in this order
     * @param hinted the last items of channels to hint
     */
    record Due(List<ProxyItem> repeated, List<ProxyItem> hinted) {}

    private record Sent(ProxyItem item, long atNanos) {}

    /** The last items of one channel, all younger than {@link #QUIET} when the last was added. */
    private static final class Tail {
        final Deque<Sent> items = new ArrayDeque<>();
        int bytes;

        // of a burst, only as much is kept as identifies it
        void add(Sent sent) {
            items.add(sent);
            bytes += sent.item.length();
            while (sent.atNanos - items.element().atNanos > QUIET.toNanos()
                    || isBurst(items.size() - 1, bytes - items.element().item.length())) {
                bytes -= items.remove().item.length();
            }
        }

        boolean isBurst() {
            return isBurst(items.size(), bytes);
        }

        private static boolean isBurst(int items, int bytes) {
            return items >= BURST_ITEMS || (items > 1 && bytes > BURST_BYTES);
        }
    }

    /** Remembers a stored event that the proxy took. */
    void add(ProxyItem item) {
        long now = ticker.read();
        Tail tail = tails.remove(item.source());
        if (tail == null) {
            tail = new Tail();
        }
        bytes -= tail.bytes;
        tail.add(new Sent(item, now));
        bytes += tail.bytes;
        tails.put(item.source(), tail);
        forgetBeyondLimits();
    }

    private void forgetBeyondLimits() {
        Iterator<Tail> oldest = tails.values().iterator();
        while ((tails.size() > MAX_CHANNELS || bytes > MAX_BYTES) && oldest.hasNext()) {
            bytes -= oldest.next().bytes;
            oldest.remove();
            forgotten.incrementAndGet();
        }
    }

    /** Nanoseconds until something may be due, no more than {@code longest}. */
    long dueWithin(long longest) {
        if (tails.isEmpty()) {
            return longest;
        }
        long now = ticker.read();
        long quiet = tails.values().iterator().next().items.getLast().atNanos + QUIET.toNanos() - now;
        long allowed = lastTakenNanos + INTERVAL.toNanos() - now;
        return Math.max(0, Math.min(longest, Math.max(quiet, allowed)));
    }

    /** Takes what is due now. */
    Due take() {
        Due due = new Due(new ArrayList<>(), new ArrayList<>());
        if (dueWithin(Long.MAX_VALUE) > 0) {
            return due;
        }
        long now = ticker.read();
        lastTakenNanos = now;
        Iterator<Tail> oldest = tails.values().iterator();
        while (oldest.hasNext() && due.repeated.size() + due.hinted.size() < MAX_AT_ONCE) {
            Tail tail = oldest.next();
            long age = now - tail.items.getLast().atNanos;
            if (age < QUIET.toNanos()) {
                break;
            }
            oldest.remove();
            bytes -= tail.bytes;
            if (tail.isBurst()) {
                due.hinted.add(tail.items.getLast().item);
            } else if (age < TOO_OLD.toNanos()) {
                tail.items.forEach(sent -> due.repeated.add(sent.item));
            }
        }
        return due;
    }

    /** How many channels were forgotten for lack of room, since the start. Any thread. */
    long forgotten() {
        return forgotten.get();
    }
}
