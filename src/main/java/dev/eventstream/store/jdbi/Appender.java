package dev.eventstream.store.jdbi;

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

/**
 * Runs each {@link Append} in its transaction, and reports why one failed.
 *
 * <p>Thread-safe.
 */
final class Appender {
    private final Transactions transactions;
    private final Clock clock;
    private final boolean hasOutbox;
    private final KnownChannels known = new KnownChannels();

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
        Appended appended = appendInOwn(handle, events, wait, isRepeated);
        try {
            handle.commit();
        } catch (RuntimeException e) {
            throw SqlErrors.isConflict(e)
                    ? SqlErrors.of(notStored(events), Outcome.NOT_STORED, e)
                    : SqlErrors.of(notKnown(events), Outcome.UNKNOWN, e);
        }
        return appended;
    }

    private Appended appendInOwn(Handle handle, List<NewEvent> events, LockWait wait, boolean isRepeated) {
        Append append = new Append(handle, transactions.dialect(handle), wait, events, hasOutbox);
        try {
            append.createChannels(known);
            return Transactions.uncommitted(handle, () -> run(append, isRepeated));
        } catch (ChannelUnseenException e) {
            append.forgetChannels(known);
            throw e;
        } catch (JdbiException e) {
            EventStoreException failure = SqlErrors.of(notStored(events), Outcome.NOT_STORED, e);
            throw SqlErrors.isLockTimeout(e) ? new ChannelLockedException(append.lockedChannels(), failure) : failure;
        }
    }

    private Appended run(Append append, boolean isRepeated) {
        long now = clock.millis();
        Optional<Appended> atOnce = isRepeated || !append.canRunAtOnce() ? Optional.empty() : append.runAtOnce(now);
        return atOnce.orElseGet(() -> append.run(now, isRepeated));
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
            Optional<Appended> atOnce = appendAtOnce(handle, events);
            return atOnce.isPresent()
                    ? atOnce.get()
                    : AllOrNothing.within(handle, () -> appendUncommitted(handle, events, false));
        } catch (JdbiException e) {
            if (!SqlErrors.isDuplicate(e)) {
                throw e;
            }
            return AllOrNothing.within(handle, () -> appendUncommitted(handle, events, true));
        }
    }

    private Optional<Appended> appendAtOnce(Handle handle, List<NewEvent> events) throws SQLException {
        Append append = uncommitted(handle, events);
        return append.canRunAtOnce() ? append.runAtOnceWithin(clock.millis()) : Optional.empty();
    }

    private Appended appendUncommitted(Handle handle, List<NewEvent> events, boolean isRepeated) {
        Append append = uncommitted(handle, events);
        append.createChannelsInOrder();
        return append.run(clock.millis(), isRepeated);
    }

    private Append uncommitted(Handle handle, List<NewEvent> events) {
        return new Append(handle, transactions.dialect(handle), LockWait.OF_DATABASE, events, hasOutbox);
    }

    private static String notStored(List<NewEvent> events) {
        return events.size() + " event(s) were not stored, the first an " + events.get(0);
    }

    private static String notKnown(List<NewEvent> events) {
        return events.size() + " event(s) may have been stored or not, the first an " + events.get(0);
    }
}
