package dev.eventstream.presence;

import com.google.common.base.Ticker;
import dev.eventstream.channel.Attendee;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The readers whose streams one proxy holds, as the proxy reports them. A proxy repeats the counts of all readers within
 * {@link #COMPLETE_AFTER}. A proxy that counts readers and reports nothing for {@link #SILENCE} no longer holds streams.
 *
 * <p>Thread-safe.
 */
public final class ProxiedReaders {
    /** Pushpin's counts are valid for 60 s, and it repeats each after 45 s (1.36, measured). */
    static final Duration COMPLETE_AFTER = Duration.ofSeconds(60);

    /** As long as there are streams, Pushpin reports something every 10 s. */
    static final Duration SILENCE = Duration.ofSeconds(25);

    private final String source;
    private final PresentReaders all;
    private final Ticker ticker;

    // guarded by this
    private final Map<Attendee, Long> countedAtNanos = new HashMap<>();
    private String process = "";
    private long heardAtNanos;
    private boolean isConnected;
    private long connectedAtNanos;
    private boolean hasRoom = true;

    ProxiedReaders(String name, PresentReaders all, Ticker ticker) {
        this.source = "proxy " + name;
        this.all = all;
        this.ticker = ticker;
    }

    /**
     * The proxy has a number of streams of a reader.
     *
     * @param from the process that counts; a new one has none of the streams of an earlier one
     */
    public synchronized void counted(String from, Attendee attendee, int streams) {
        heard(from);
        if (streams > 0) {
            countedAtNanos.put(attendee, ticker.read());
            hasRoom = all.set(source, attendee, Math.min(streams, Message.MAX_STREAMS));
        } else if (countedAtNanos.remove(attendee) != null) {
            boolean unused = all.set(source, attendee, 0);
        }
    }

    /** The process of the proxy that counts is alive. */
    public synchronized void heard(String from) {
        if (!process.equals(from)) {
            clear();
            process = from;
        }
        heardAtNanos = ticker.read();
    }

    /** Whether there is a connection to the proxy now. */
    public synchronized void connected(boolean isNow) {
        if (isNow && !isConnected) {
            connectedAtNanos = ticker.read();
        }
        isConnected = isNow;
    }

    /** Removes readers that the proxy no longer counts. */
    synchronized void forgetSilent() {
        long now = ticker.read();
        if (!countedAtNanos.isEmpty() && now - heardAtNanos > SILENCE.toNanos()) {
            clear();
        }
        countedAtNanos
                .entrySet()
                .removeIf(entry -> now - entry.getValue() > COMPLETE_AFTER.toNanos()
                        && all.set(source, entry.getKey(), 0)); // there is always room for 0
    }

    private void clear() {
        countedAtNanos.clear();
        all.remove(source);
    }

    /** Whether all readers of the proxy are known. */
    synchronized boolean isComplete() {
        return isConnected && hasRoom && ticker.read() - connectedAtNanos >= COMPLETE_AFTER.toNanos();
    }
}
