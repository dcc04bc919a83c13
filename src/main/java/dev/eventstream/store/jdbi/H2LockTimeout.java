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
final class H2LockTimeout {
    private final int before;
    private final Setting setting;

    /** Sets the limit of a connection, in milliseconds. */
    private interface Setting {
        void set(int millis) throws SQLException;
    }

    private H2LockTimeout(int before, Setting setting) {
        this.before = before;
        this.setting = setting;
    }

    /** Runs the work with a limit on lock waits, and then restores the connection's previous limit. */
    static <T> T limit(Handle handle, LockWait wait, Supplier<T> work) {
        if (!wait.isLimited()) {
            return work.get();
        }
        try {
            H2LockTimeout timeout = of(handle.getConnection());
            timeout.setting.set((int) Math.min(wait.millis().orElseThrow(), Integer.MAX_VALUE));
            T result;
            try {
                result = work.get();
            } catch (RuntimeException | Error e) {
                timeout.restoreAfter(e);
                throw e;
            }
            timeout.setting.set(timeout.before);
            return result;
        } catch (SQLException e) {
            throw new NotSetException(e);
        }
    }

    private static H2LockTimeout of(Connection connection) throws SQLException {
        if (connection.isWrapperFor(JdbcConnection.class)
                && connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session) {
            return new H2LockTimeout(session.getLockTimeout(), session::setLockTimeout);
        }
        return new H2LockTimeout(ask(connection), millis -> set(connection, millis));
    }

    private static int ask(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("CALL LOCK_TIMEOUT()")) {
            result.next();
            return result.getInt(1);
        }
    }

    private static void set(Connection connection, int millis) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCK_TIMEOUT " + millis);
        }
    }

    private void restoreAfter(Throwable failure) {
        try {
            setting.set(before);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    private static final class NotSetException extends JdbiException {
        private static final long serialVersionUID = 1;

        NotSetException(SQLException cause) {
            super("the limit on lock waits cannot be set", cause);
        }
    }
}
