package dev.eventstream.loop;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Something that is wrong for a while, so that its beginning and its end are each reported once.
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

    /** Records that it is wrong now; whether it was not before. */
    public boolean begins() {
        return isOn.compareAndSet(false, true);
    }

    /** Records that it is not wrong any longer; whether it was before. */
    public boolean ends() {
        return isOn.compareAndSet(true, false);
    }

    /** Records whether it is wrong now; whether that differs from before. */
    public boolean changesTo(boolean isWrong) {
        return isWrong ? begins() : ends();
    }

    /** Whether it is wrong now. */
    public boolean isOn() {
        return isOn.get();
    }
}
