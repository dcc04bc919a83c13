package dev.eventstream.store.jdbi;

import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import dev.eventstream.store.StoreTransaction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections, and begins and ends transactions so that no failure leaves one half done. Thread-safe. */
final class Transactions {
    private static final Logger LOGGER = LoggerFactory.getLogger(Transactions.class);

    /** How often work is tried that is in conflict with other transactions. */
    static final int MAX_ATTEMPTS = 3;

    private final Jdbi jdbi;
    private volatile @Nullable Dialect dialect;

    Transactions(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** The dialect of the database, which is determined once. */
    Dialect dialect(Handle handle) {
        Dialect known = dialect;
        if (known == null) {
            known = Dialects.of(handle);
            dialect = known;
        }
        return known;
    }

    /**
     * Runs the work on a separate connection, never on that of a transaction which the thread is in.
     *
     * @param failed describes what was not done if the work fails
     */
    <T> T withHandle(Function<Handle, T> work, Supplier<String> failed) {
        try {
            Handle handle = jdbi.open();
            try {
                requireAutoCommit(handle, failed);
                return work.apply(handle);
            } finally {
                close(handle);
            }
        } catch (JdbiException e) {
            throw SqlErrors.of(failed.get(), Outcome.NOT_STORED, e);
        }
    }

    // with auto-commit off, JDBI would neither begin nor end a transaction, so nothing would be committed
    private static void requireAutoCommit(Handle handle, Supplier<String> failed) {
        if (handle.isInTransaction()) {
            throw new EventStoreException(
                    failed.get() + ": auto-commit is off for the connections of its Jdbi; make it with"
                            + " Jdbi.create(JdbiEventStore.connections(pool))");
        }
    }

    /** Work that can be repeated if another transaction was in conflict with it. */
    interface Repeatable<T> {
        /**
         * Runs one attempt.
         *
         * @param isRepeated whether an earlier attempt was in conflict
         */
        T run(Handle handle, boolean isRepeated);
    }

    /** Runs the work like {@link #withHandle}, up to {@value #MAX_ATTEMPTS} times if it is in conflict with other transactions. */
    <T> T again(Repeatable<T> work, Supplier<String> failed) {
        for (int attempt = 1; ; attempt++) {
            boolean isRepeated = attempt > 1;
            try {
                return withHandle(handle -> work.run(handle, isRepeated), failed);
            } catch (EventStoreException e) {
                if (attempt == MAX_ATTEMPTS || !isConflict(e)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isConflict(EventStoreException e) {
        return e instanceof ChannelUnseenException || SqlErrors.isConflict(e);
    }

    // only logged: what was committed stays committed
    private static void close(Handle handle) {
        try (handle) {
            if (handle.isInTransaction()) {
                handle.rollback();
            }
        } catch (JdbiException e) {
            LOGGER.warn("A connection could not be returned to its pool", e);
        }
    }

    /**
     * The connection of the application's transaction.
     *
     * @throws IllegalArgumentException if it is a transaction of another store
     * @throws IllegalStateException if it has ended
     */
    static Handle openHandle(StoreTransaction transaction) {
        if (transaction instanceof JdbiStoreTransaction ours) {
            JdbiStoreTransaction.requireTransaction(ours.handle());
            return ours.handle();
        } else if (transaction instanceof ConnectionTransaction ours) {
            return ours.handle();
        }
        throw new IllegalArgumentException("this store cannot send within a "
                + transaction.getClass().getName()
                + "; give it a JdbiStoreTransaction around the handle, or a ConnectionTransaction");
    }

    /** Begins a transaction and runs the work in it. The caller commits. If the work fails, the transaction is rolled back. */
    static <T> T uncommitted(Handle handle, Supplier<T> work) {
        handle.begin();
        return AllOrNothing.orUndo(work, handle::rollback);
    }

    /** Runs the work in a new transaction. */
    static void inTransaction(Handle handle, Runnable work) {
        uncommitted(handle, () -> {
            work.run();
            return handle;
        });
        handle.commit();
    }

    /**
     * Runs the work in a new transaction that locks the rows it changes and nothing between them, whatever the
     * database's default isolation level.
     */
    static <T> T readCommitted(Handle handle, Supplier<T> work) {
        TransactionIsolationLevel before = handle.getTransactionIsolationLevel();
        handle.setTransactionIsolationLevel(TransactionIsolationLevel.READ_COMMITTED);
        try {
            T result = uncommitted(handle, work);
            handle.commit();
            return result;
        } finally {
            handle.setTransactionIsolationLevel(before);
        }
    }
}
