package dev.eventstream.publisher;

import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.EventStoreException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a send may wait, and the failure that its sender gets after that.
 *
 * <p>Thread-safe.
 */
final class SendTimeout {
    private final Duration timeout;
    private final Ticker ticker;

    SendTimeout(Duration timeout, Ticker ticker) {
        this.timeout = timeout;
        this.ticker = ticker;
    }

    /** How much of the send's time is left; zero if it is late. */
    long nanosLeft(PendingSend send) {
        return Math.max(0, send.since() + timeout.toNanos() - ticker.read());
    }

    boolean isLate(PendingSend send) {
        return nanosLeft(send) == 0;
    }

    /** For a send that has waited for a locked channel. */
    EventStoreException lockedTooLong(PendingSend send, ChannelName channel) {
        return notStored(send, "channel \"" + channel + "\", which another transaction keeps locked");
    }

    /** For a send that has waited for its turn. */
    EventStoreException queuedTooLong(PendingSend send) {
        return notStored(send, "the database to store earlier sends");
    }

    private EventStoreException notStored(PendingSend send, String awaited) {
        long waitedMillis = TimeUnit.NANOSECONDS.toMillis(ticker.read() - send.since());
        return new EventStoreException(send + " were not stored: waited " + waitedMillis + " ms for " + awaited
                + "; eventStream.sendTimeout allows no more");
    }
}
