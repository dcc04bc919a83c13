package dev.eventstream.loop;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A problem that lasts for a while. Its beginning and its end are each reported once.
 *
 * <pre>{@code
 * if (overflow.begins()) {
 *     LOGGER.warn("The queue is full; …");
 * }
 * …
 * if (overflow.ends()) {
 *     LOGGER.info("The queue has room again");
 * }
 * }</pre>
 *
 * <p>Thread-safe: of several threads that report the same change, exactly one gets {@code true}.
 */
public final class Trouble {
    private final AtomicBoolean isOn = new AtomicBoolean();

    /** Records that the problem exists; returns whether it is new. */
    public boolean begins() {
        return isOn.compareAndSet(false, true);
    }

    /** Records that the problem is over; returns whether it existed. */
    public boolean ends() {
        return isOn.compareAndSet(true, false);
    }

    /** Records whether the problem exists; returns whether that has changed. */
    public boolean changesTo(boolean isWrong) {
        return isWrong ? begins() : ends();
    }

    /** Whether the problem exists. */
    public boolean isOn() {
        return isOn.get();
    }
}
