package dev.eventstream.subscriber;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When a stream must be checked, and when it must end. Both differ between streams, so that thousands that were opened together are
 * neither checked nor ended together.
 *
 * <p>Confined to the shard's thread.
 */
final class StreamTimes {
    private final long recheckEveryNanos;
    private final long endNanos;
    private final Instant validUntil;
    private long recheckNanos;
    private boolean hasEnded;

    /**
     * @param validUntil when the credentials of the stream's reader expire
     */
    StreamTimes(StreamTerms terms, Instant validUntil, long nowNanos) {
        this.recheckEveryNanos = terms.recheck().toNanos();
        this.recheckNanos = nowNanos + ThreadLocalRandom.current().nextLong(recheckEveryNanos);
        this.endNanos = nowNanos + terms.randomAge().toNanos();
        this.validUntil = validUntil;
    }

    /** Whether the stream is due to be checked; if so, the next time is a period later. */
    boolean takeRecheck(long nowNanos) {
        boolean isDue = nowNanos - recheckNanos >= 0;
        if (isDue) {
            recheckNanos = nowNanos + recheckEveryNanos;
        }
        return isDue;
    }

    /** Why the stream must end now; empty if it need not, or if this was returned before. */
    Optional<CloseReason> takeEnd(long nowNanos, Instant now) {
        if (hasEnded || (nowNanos - endNanos < 0 && now.isBefore(validUntil))) {
            return Optional.empty();
        }
        hasEnded = true;
        return Optional.of(now.isBefore(validUntil) ? CloseReason.AGED : CloseReason.EXPIRED);
    }
}
