package dev.eventstream.store.jdbi;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.NewEvent;
import dev.eventstream.store.Appended;
import dev.eventstream.store.ChannelLockedException;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each {@link Append} in its transaction, and reports why one failed.
 *
 * <p>Thread-safe.
 */
final class Appender {
    private static final Logger LOGGER = LoggerFactory.getLogger(Appender.class);

    private final Transactions transactions;
    private final Clock clock;
    private final boolean hasOutbox;
    private final KnownChannels known = new KnownChannels();
    /** Whether the database does not understand appends at once. */
    private volatile boolean isNotUnderstood;

    /**
     * @param hasOutbox whether each append writes to the outbox
     */
    Appender(Transactions transactions, Clock clock, boolean hasOutbox) {
        this.transactions = transactions;
        this.clock = clock;
        this.hasOutbox = hasOutbox;
    }

    // ---- in a new transaction

    /** Appends the events and commits. Repeats an append that was in conflict with another transaction. */
    Appended append(List<NewEvent> events, LockWait wait) {
        return transactions.again(
                (handle, isRepeated) -> appendAndCommit(handle, events, wait, isRepeated), () -> notStored(events));
    }

    private Appended appendAndCommit(Handle handle, List<NewEvent> events, LockWait wait, boolean isRepeated) {
        Optional<Appended> atOnce = isRepeated ? Optional.empty() : appendAtOnce(handle, events, wait);
        return atOnce.orElseGet(() -> {
            Appended appended = appendUncommitted(handle, append(handle, events, wait), isRepeated);
            commit(events, handle::commit);
            return appended;
        });
    }

    private Optional<Appended> appendAtOnce(Handle handle, List<NewEvent> events, LockWait wait) {
        Append append = append(handle, events, wait);
        if (isNotUnderstood || !append.canRunAtOnce()) {
            return Optional.empty();
        }
        Optional<Appended> appended = atOnceIfPossible(append);
        if (appended.isPresent()) {
            commit(events, () -> transactions.dialect(handle).commitAtOnce(handle));
        }
        return appended;
    }

    private Optional<Appended> atOnceIfPossible(Append append) {
        try {
            append.createChannels(known);
            return append.runAtOnce(clock.millis());
        } catch (JdbiException e) {
            EventStoreException failure = notStored(append, e);
            if (SqlErrors.isLockTimeout(e)) {
                List<ChannelName> locked = append.lockedNow();
                if (locked.isEmpty()) {
                    return Optional.empty(); // MariaDB was too slow, or the lock has just become free
                }
                throw new ChannelLockedException(locked, failure);
            }
            if (!SqlErrors.isNotUnderstood(e)) {
                throw failure;
            }
            isNotUnderstood = true;
            LOGGER.info(
                    "The database, or a proxy before it, does not understand the statement that appends at once; from now on,"
                            + " each append takes several statements",
                    failure);
            return Optional.empty();
        }
    }

    private Append append(Handle handle, List<NewEvent> events, LockWait wait) {
        return new Append(handle, transactions.dialect(handle), wait, events, hasOutbox);
    }

    private Appended appendUncommitted(Handle handle, Append append, boolean isRepeated) {
        try {
            append.createChannels(known);
            return Transactions.uncommitted(handle, () -> append.run(clock.millis(), isRepeated));
        } catch (ChannelUnseenException e) {
            append.forgetChannels(known);
            throw e;
        } catch (JdbiException e) {
            EventStoreException failure = notStored(append, e);
            throw SqlErrors.isLockTimeout(e) ? new ChannelLockedException(append.lockedChannels(), failure) : failure;
        }
    }

    private static EventStoreException notStored(Append append, JdbiException e) {
        return SqlErrors.of(notStored(append.events()), Outcome.NOT_STORED, e);
    }

    private static void commit(List<NewEvent> events, Runnable commit) {
        try {
            commit.run();
        } catch (RuntimeException e) {
            throw SqlErrors.isConflict(e)
                    ? SqlErrors.of(notStored(events), Outcome.NOT_STORED, e)
                    : SqlErrors.of(notKnown(events), Outcome.UNKNOWN, e);
        }
    }

    // ---- in the application's transaction

    /** Appends the events in the transaction that the handle is in. If that fails, the transaction is as it was before. */
    Appended appendWithin(Handle handle, List<NewEvent> events) {
        try {
            return appendOrUndo(handle, events);
        } catch (JdbiException | SQLException e) {
            throw SqlErrors.of(notStored(events), Outcome.NOT_STORED, e);
        }
    }

    private Appended appendOrUndo(Handle handle, List<NewEvent> events) throws SQLException {
        try {
            Optional<Appended> atOnce = appendAtOnceWithin(handle, events);
            return atOnce.isPresent()
                    ? atOnce.get()
                    : AllOrNothing.within(handle, () -> appendWithin(handle, events, false));
        } catch (JdbiException e) {
            if (!SqlErrors.isDuplicate(e)) {
                throw e;
            }
            return AllOrNothing.within(handle, () -> appendWithin(handle, events, true));
        }
    }

    private Optional<Appended> appendAtOnceWithin(Handle handle, List<NewEvent> events) throws SQLException {
        Append append = append(handle, events, LockWait.OF_DATABASE);
        return append.canRunAtOnceWithin() ? append.runAtOnceWithin(clock.millis()) : Optional.empty();
    }

    private Appended appendWithin(Handle handle, List<NewEvent> events, boolean isRepeated) {
        Append append = append(handle, events, LockWait.OF_DATABASE);
        append.createChannelsInOrder();
        return append.run(clock.millis(), isRepeated);
    }

    private static String notStored(List<NewEvent> events) {
        return events.size() + " event(s) were not stored, the first an " + events.get(0);
    }

    private static String notKnown(List<NewEvent> events) {
        return events.size() + " event(s) may have been stored or not, the first an " + events.get(0);
    }
}
