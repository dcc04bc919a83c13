package dev.eventstream.http;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Logs problems that anyone can cause by sending requests: each kind as a warning at most once a minute, and at DEBUG in
 * between. A flood of one kind does not hide another. Messages that differ only in their digits are of one kind.
 *
 * <p>Thread-safe.
 */
final class RateLimitedLog {
    /** Time between two warnings of one kind. */
    static final Duration SILENCE = Duration.ofMinutes(1);

    /** Kinds that get a warning within that time; further ones share one. */
    static final int MAX_KINDS = 64;

    private static final String OTHERS = "";

    private final Ticker ticker;
    private final Map<String, Long> warned = new HashMap<>(); // guarded by itself

    RateLimitedLog(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * @param message with one placeholder
     * @param argument part of the kind, so it must not contain free text from a client
     */
    void warn(Logger logger, String message, Object argument) {
        if (isDue((message + argument).replaceAll("[0-9]+", "0"))) {
            logger.warn(message + " (more of these within a minute are logged at DEBUG)", argument);
        } else {
            logger.debug(message, argument);
        }
    }

    private boolean isDue(String kind) {
        long now = ticker.read();
        synchronized (warned) {
            if (!warned.containsKey(kind) && warned.size() >= MAX_KINDS) {
                warned.values().removeIf(last -> now - last >= SILENCE.toNanos());
            }
            String counted = warned.containsKey(kind) || warned.size() < MAX_KINDS ? kind : OTHERS;
            Long last = warned.get(counted);
            boolean due = last == null || now - last >= SILENCE.toNanos();
            if (due) {
                warned.put(counted, now);
            }
            return due;
        }
    }
}
