package dev.eventstream.store.jdbi;

import dev.eventstream.store.StoreTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The application's transaction on a JDBC connection, for sending within it: Hibernate's, Spring's, or one of its own.
 *
 * <p>Nobody tells of its commit, so what waits for that never runs; see {@link #afterCommit}.
 *
 * <p>Confined to the thread that runs the transaction.
 *
 * @param connection to the same database as the store; it is neither committed nor closed
 */
public record ConnectionTransaction(Connection connection) implements StoreTransaction {

    /**
     * @throws IllegalStateException if auto-commit is on, or the connection is closed
     */
    public ConnectionTransaction {
        requireTransaction(connection);
    }

    /** Does nothing. */
    @Override
    public void afterCommit(Runnable callback) {
        requireTransaction(connection);
    }

    /** Not to be closed: that would end the transaction. */
    Handle handle() {
        requireTransaction(connection);
        return Jdbi.create(connection).open();
    }

    private static void requireTransaction(Connection connection) {
        if (isAutoCommit(connection)) {
            throw new IllegalStateException("auto-commit is on for the connection, so it is in no transaction that"
                    + " something could be sent within; call setAutoCommit(false) first, or send without a connection");
        }
    }

    private static boolean isAutoCommit(Connection connection) {
        try {
            // some drivers answer for a connection that is closed
            if (connection.isClosed()) {
                throw new SQLException("closed");
            }
            return connection.getAutoCommit();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "the connection is closed or broken, so nothing can be sent within its transaction", e);
        }
    }
}
