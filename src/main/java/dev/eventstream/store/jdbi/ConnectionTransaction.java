package dev.eventstream.store.jdbi;

import dev.eventstream.store.StoreTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The application's transaction on a JDBC connection, for sending within it: Hibernate's, Spring's, or a plain one.
 *
 * <p>Its commit cannot be seen, so callbacks never run; see {@link #afterCommit}.
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

    /** Ignores the callback. */
    @Override
    public void afterCommit(Runnable callback) {
        requireTransaction(connection);
    }

    /** A handle that must not be closed, because that would end the transaction. */
    Handle handle() {
        requireTransaction(connection);
        return Jdbi.create(connection).open();
    }

    private static void requireTransaction(Connection connection) {
        if (isAutoCommit(connection)) {
            throw new IllegalStateException("auto-commit is on for the connection, so it has no transaction to send"
                    + " within; call setAutoCommit(false) first, or send without a connection");
        }
    }

    private static boolean isAutoCommit(Connection connection) {
        try {
            // some drivers return a value even for a closed connection
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
