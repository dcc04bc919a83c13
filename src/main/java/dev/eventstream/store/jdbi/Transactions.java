package dev.eventstream.store.jdbi;

import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes connections, and begins and ends transactions, so that no failure leaves a half behind. Thread-safe. */
final class Transactions {
    private static final Logger LOGGER = LoggerFactory.getLogger(Transactions.class);

    private final Jdbi jdbi;
    private volatile @Nullable Dialect dialect;

    Transactions(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** The dialect of the database, which is asked once. */
    Dialect dialect(Handle handle) {
        Dialect known = dialect;
        if (known == null) {
            known = Dialect.of(handle);
            dialect = known;
        }
        return known;
    }

    /**
     * Runs the work on a connection of its own, never that of a transaction which the thread is in.
     *
     * @param failed what to say that was not done, should the work fail
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

    // JDBI neither begins nor ends a transaction on such a connection, and nobody would commit
    private static void requireAutoCommit(Handle handle, Supplier<String> failed) {
        if (handle.isInTransaction()) {
            throw new EventStoreException(
                    failed.get() + ": auto-commit is off for the connections of its Jdbi; make it with"
                            + " Jdbi.create(JdbiEventStore.connections(pool))");
        }
    }

    /** As {@link #withHandle}, and again a few times if another transaction was in the way. The work must bear repeating. */
    <T> T again(Function<Handle, T> work, Supplier<String> failed) {
        for (int attempt = 1; ; attempt++) {
            try {
                return withHandle(work, failed);
            } catch (EventStoreException e) {
                if (attempt == JdbiEventStore.MAX_ATTEMPTS || !SqlErrors.isConflict(e)) {
                    throw e;
                }
            }
        }
    }

    // what was committed is not undone by a connection that cannot be given back
    private static void close(Handle handle) {
        try (handle) {
            if (handle.isInTransaction()) {
                handle.rollback();
            }
        } catch (JdbiException e) {
            LOGGER.warn("A connection could not be given back to its pool", e);
        }
    }

    /** Begins a transaction and runs the work in it. The caller commits; if the work fails, it is rolled back. */
    static <T> T uncommitted(Handle handle, Supplier<T> work) {
        handle.begin();
        try {
            return work.get();
        } catch (RuntimeException | Error e) {
            undo(handle::rollback, e);
            throw e;
        }
    }

    /** Runs the work in a transaction of its own. */
    static void inTransaction(Handle handle, Runnable work) {
        uncommitted(handle, () -> {
            work.run();
            return handle;
        });
        handle.commit();
    }

    /**
     * Runs the work in a transaction of its own that locks the rows it changes and nothing between them, whatever the
     * database's own isolation level.
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

    /** Runs the work in a transaction that goes on. If the work fails, the transaction is as it was before. */
    static <T> T allOrNothing(Handle handle, Supplier<T> work) throws SQLException {
        Connection connection = handle.getConnection();
        Savepoint before = connection.setSavepoint();
        T result;
        try {
            result = work.get();
        } catch (RuntimeException | Error e) {
            undo(() -> connection.rollback(before), e);
            throw e;
        }
        connection.releaseSavepoint(before);
        return result;
    }

    private static void undo(Undo undo, Throwable reason) {
        try {
            undo.run();
        } catch (JdbiException | SQLException e) {
            reason.addSuppressed(e);
        }
    }

    private interface Undo {
        void run() throws SQLException;
    }
}
