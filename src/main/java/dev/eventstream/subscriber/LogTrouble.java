package dev.eventstream.subscriber;

import dev.eventstream.loop.Trouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs when the event log becomes unreadable and when it is readable again, not each failure.
 *
 * <p>Thread-safe.
 */
final class LogTrouble {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogTrouble.class);

    private final Trouble failing = new Trouble();

    void failed(Throwable failure) {
        if (failing.begins()) {
            LOGGER.warn("The event log cannot be read; streams wait, and reading is tried again every second", failure);
        }
    }

    void succeeded() {
        if (failing.isOn() && failing.ends()) {
            LOGGER.info("The event log can be read again");
        }
    }
}
