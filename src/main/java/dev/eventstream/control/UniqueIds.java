package dev.eventstream.control;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids for items without a position in a log: a random word of this process and a number. A proxy drops an id that it has seen
 * within the last minute (Pushpin's {@code id_cache_ttl}), so no two are equal, and none equals an
 * {@link dev.eventstream.event.EventId}.
 *
 * <p>Thread-safe.
 */
final class UniqueIds {
    private static final int RADIX = 36;

    private final String node;
    private final AtomicLong last = new AtomicLong();

    UniqueIds() {
        this(Long.toString(new SecureRandom().nextLong() >>> 1, RADIX));
    }

    UniqueIds(String node) {
        this.node = node;
    }

    String next() {
        return node + '.' + last.incrementAndGet();
    }
}
