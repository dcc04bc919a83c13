package dev.eventstream.store.jdbi;

import com.google.common.collect.ImmutableSortedMap;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.store.ChannelLockedException;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/** Opens finished channels again. Thread-safe. */
final class Reopening {
    private final Transactions transactions;
    private final Clock clock;

    Reopening(Transactions transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * Opens a channel under a new epoch, if it is finished.
     *
     * @throws ChannelLockedException if another transaction has locked the channel for longer than that
     */
    void reopen(ChannelName channel, LockWait wait) {
        transactions.withHandle(
                handle -> {
                    reopen(handle, channel, wait);
                    return handle;
                },
                () -> notReopened(channel));
    }

    private void reopen(Handle handle, ChannelName channel, LockWait wait) {
        ChannelDao channels = new ChannelDao(handle, transactions.dialect(handle), wait);
        try {
            Transactions.inTransaction(handle, () -> reopen(channels, channel));
        } catch (JdbiException e) {
            EventStoreException failure = SqlErrors.of(notReopened(channel), Outcome.NOT_STORED, e);
            throw SqlErrors.isLockTimeout(e) ? new ChannelLockedException(List.of(channel), failure) : failure;
        }
    }

    // making room for no event locks the row as an append does, with the same limit
    private void reopen(ChannelDao channels, ChannelName channel) {
        Optional<ChannelName> unused = channels.advance(ImmutableSortedMap.of(channel, 0), clock.millis());
        ChannelRow row = channels.find(List.of(channel)).get(channel);
        if (row != null && row.isFinished()) {
            channels.reopen(row);
        }
    }

    private static String notReopened(ChannelName channel) {
        return "channel \"" + channel + "\" was not reopened";
    }
}
