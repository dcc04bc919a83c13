package dev.eventstream.limit;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Allowances of a number of units per second, one in each slot of a table. Unused allowance accumulates for at most
 * {@link #BURST}. (This is the generic cell rate algorithm: a slot holds the time until which its allowance is used.)
 *
 * <p>Thread-safe. Uses eight bytes per slot, whatever happens.
 */
public final class Rates {
    /** An allowance that has not been used for this long lets this much through at once. */
    public static final Duration BURST = Duration.ofSeconds(10);

    private static final long BURST_NANOS = BURST.toNanos();

    private final double nanosPerUnit;
    private final Ticker ticker;
    private final long startNanos;
    private final AtomicLongArray usedUntil;

    public Rates(int slots, int perSecond, Ticker ticker) {
        this.nanosPerUnit = (double) TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.ticker = ticker;
        // every slot begins unused
        this.startNanos = ticker.read() - BURST_NANOS;
        this.usedUntil = new AtomicLongArray(slots);
    }

    /** Uses units if the allowance has them. */
    public boolean tryTake(int slot, int units) {
        long cost = cost(units);
        while (true) {
            long now = now();
            long used = usedUntil.get(slot);
            long after = Math.max(used, now - BURST_NANOS) + cost;
            if (after > now) {
                return false;
            }
            if (usedUntil.compareAndSet(slot, used, after)) {
                return true;
            }
        }
    }

    /** Uses units even if the allowance lacks them; it then stays empty for longer. */
    public void take(int slot, int units) {
        long now = now();
        long cost = cost(units);
        usedUntil.updateAndGet(slot, used -> Math.max(used, now - BURST_NANOS) + cost);
    }

    /** How long the allowance stays empty; zero if it is not empty. */
    public Duration untilAvailable(int slot) {
        return Duration.ofNanos(Math.max(0, usedUntil.get(slot) - now()));
    }

    private long cost(int units) {
        return (long) (units * nanosPerUnit);
    }

    private long now() {
        return ticker.read() - startNanos;
    }
}
