package dev.eventstream.store.jdbi;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * How long the statements of an H2 connection wait for locks.
 *
 * <p>For a database in this process, this class sets the field of the session. Both alternatives in SQL cost far more: every SET
 * makes H2 recompile all prepared statements of all connections ({@code org.h2.command.dml.Set} counts it as a change of the
 * metadata), and a query with {@code FOR UPDATE WAIT} is compiled each time it runs ({@code org.h2.command.query.Select}).
 * Connections to another process have no such field, so they use SET.
 */
abstract class H2LockTimeout {

    /** Runs the work with a limit on lock waits, and then restores the connection's previous limit. */
    static <T> T limit(Handle handle, LockWait wait, Supplier<T> work) {
        try {
            H2LockTimeout timeout = of(handle.getConnection());
            int before = timeout.millis();
            timeout.set((int) Math.min(wait.millis().orElseThrow(), Integer.MAX_VALUE));
            T result;
            try {
                result = work.get();
            } catch (RuntimeException | Error e) {
                timeout.restoreAfter(e, before);
                throw e;
            }
            timeout.set(before);
            return result;
        } catch (SQLException e) {
            throw new NotSetException(e);
        }
    }

    private static H2LockTimeout of(Connection connection) throws SQLException {
        if (connection.isWrapperFor(JdbcConnection.class)
                && connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session) {
            return new OfSession(session);
        }
        return new OfConnection(connection);
    }

    abstract int millis() throws SQLException;

    abstract void set(int millis) throws SQLException;

    private void restoreAfter(Throwable failure, int before) {
        try {
            set(before);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private static final class OfSession extends H2LockTimeout {
        private final SessionLocal session;

        OfSession(SessionLocal session) {
            this.session = session;
        }

        @Override
        int millis() {
            return session.getLockTimeout();
        }

        @Override
        void set(int millis) {
            session.setLockTimeout(millis);
        }
    }

    private static final class OfConnection extends H2LockTimeout {
        private final Connection connection;

        OfConnection(Connection connection) {
            this.connection = connection;
        }

        @Override
        int millis() throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("CALL LOCK_TIMEOUT()")) {
                result.next();
                return result.getInt(1);
            }
        }

        @Override
        void set(int millis) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET LOCK_TIMEOUT " + millis);
            }
        }
    }

    private static final class NotSetException extends JdbiException {
        private static final long serialVersionUID = 1;

        NotSetException(SQLException cause) {
            super("the limit on lock waits cannot be set", cause);
        }
    }
}
