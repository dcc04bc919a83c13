package dev.eventstream.store.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/** Runs work completely or not at all: if it fails, nothing of it remains. Stateless. */
final class AllOrNothing {
    private AllOrNothing() {}

    /** Undoes work that has failed. */
    interface Undo {
        void run() throws SQLException;
    }

    /** Runs the work in a transaction that continues afterwards. If the work fails, the transaction is as it was before. */
    static <T> T within(Handle handle, Supplier<T> work) throws SQLException {
        return presentWithin(handle, () -> Optional.of(work.get())).orElseThrow();
    }

    /**
     * Runs the work in a transaction that continues afterwards. If the work fails or its result is empty, the transaction is as it
     * was before, without the locks that the work took.
     */
    static <T> Optional<T> presentWithin(Handle handle, Supplier<Optional<T>> work) throws SQLException {
        Connection connection = handle.getConnection();
        Savepoint before = connection.setSavepoint();
        Optional<T> result = orUndo(work, () -> connection.rollback(before));
        if (result.isEmpty()) {
            connection.rollback(before);
        }
        connection.releaseSavepoint(before);
        return result;
    }

    /** Runs the work, and undoes it if it fails. */
    static <T> T orUndo(Supplier<T> work, Undo undo) {
        try {
            return work.get();
        } catch (RuntimeException | Error e) {
            undo(undo, e);
            throw e;
        }
    }

    private static void undo(Undo undo, Throwable reason) {
        try {
            undo.run();
        } catch (JdbiException | SQLException e) {
            reason.addSuppressed(e);
        }
    }
}
