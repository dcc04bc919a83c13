package dev.eventstream.loop;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that a test moves. It starts near the overflow of a {@code long}, as {@link System#nanoTime()} may. Thread-safe. */
public final class SettableTicker extends Ticker {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);

    @Override
    public long read() {
        return nanos.get();
    }

    /** Moves time ahead. */
    public void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
