package dev.eventstream.store.jdbi;

import com.google.common.base.Throwables;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.EventStoreException.Outcome;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Translates the errors of databases and their drivers.
 *
 * <p>JDBI's messages quote the arguments of a statement, and drivers' messages may quote values that do not fit. So the
 * cause that is kept is the driver's exception, never JDBI's, and without its message if that may quote.
 */
final class SqlErrors {
    private static final String NO_STATE = "none";
    private static final String COMPLETION_UNKNOWN = "40003";
    private static final int MARIADB_LOCK_WAIT_TIMEOUT = 1205;
    private static final int MARIADB_STATEMENT_TIMEOUT = 1969;
    private static final int MARIADB_PACKET_TOO_LARGE = 1153;
    private static final int MARIADB_RECORD_CHANGED = 1020;
    private static final int MARIADB_NOT_PREPARED = 1295;

    /** What to do if the tables are missing, usually. */
    static final String RUN_MIGRATE = "run `db migrate`";

    /** What to do follows. */
    static final String NOT_MIGRATED = "the tables of dropwizard-eventstream are missing or of another version; ";

    /** A table or a column is missing: H2 and MariaDB, H2 with suggestions, H2 when empty, PostgreSQL. */
    private static final Set<String> NO_SUCH_TABLE = Set.of("42S02", "42S22", "42S03", "42S04", "42P01", "42703");

    /** A syntax error, or a feature that is missing: MariaDB, PostgreSQL, standard. */
    private static final Set<String> NOT_UNDERSTOOD = Set.of("42000", "42601", "0A000");

    private static final String LOCKED_TOO_LONG =
            "another transaction kept a channel locked for longer than the database waits";

    private static final String CONNECTION_FAILED = "08";
    private static final String BROKE_ON_INSERT = "the connection broke (MariaDB may close it for an event that is"
            + " larger than the server's max_allowed_packet)";
    private static final String PACKET_TOO_LARGE = "an event that is larger than the server's max_allowed_packet";

    private static final String CONFLICT =
            "the database ended a transaction that was in conflict with another; try again";

    private SqlErrors() {}

    /**
     * @param what what was not done, without the reason
     */
    static EventStoreException of(String what, Outcome outcome, Throwable thrown) {
        Optional<SQLException> found = sqlException(thrown);
        if (found.isEmpty()) {
            return new EventStoreException(what, outcome, Throwables.getRootCause(thrown));
        }
        SQLException cause = found.get();
        return new EventStoreException(
                what + ": " + (brokeOnInsert(thrown, cause) ? BROKE_ON_INSERT : reason(cause)) + " (SQLState "
                        + stateOf(cause) + ", error " + cause.getErrorCode() + ')',
                outcome,
                mayQuote(cause) ? withoutMessage(cause) : cause);
    }

    static boolean isDuplicate(Throwable thrown) {
        return state(thrown).startsWith("23");
    }

    /** Whether nothing was committed because of another transaction. The work may then be tried again at once. */
    static boolean isConflict(Throwable thrown) {
        return sqlException(thrown).filter(SqlErrors::isConflict).isPresent();
    }

    private static boolean isConflict(SQLException e) {
        String state = stateOf(e);
        return state.startsWith("23")
                || (state.startsWith("40") && !state.equals(COMPLETION_UNKNOWN))
                || isMariaDb(e, MARIADB_RECORD_CHANGED);
    }

    /** Whether a table or a column is missing. */
    static boolean isNotMigrated(Throwable thrown) {
        return NO_SUCH_TABLE.contains(state(thrown));
    }

    /** Whether the server, or a proxy before it, does not understand a statement. */
    static boolean isNotUnderstood(Throwable thrown) {
        return sqlException(thrown)
                .filter(e -> NOT_UNDERSTOOD.contains(stateOf(e)) || isMariaDb(e, MARIADB_NOT_PREPARED))
                .isPresent();
    }

    /** Whether a statement reached its limit while it waited for a lock. */
    static boolean isLockTimeout(Throwable thrown) {
        return sqlException(thrown).filter(SqlErrors::isLockTimeout).isPresent();
    }

    private static boolean isLockTimeout(SQLException e) {
        String state = stateOf(e);
        return state.equals("HYT00")
                || state.equals("55P03")
                || isMariaDb(e, MARIADB_LOCK_WAIT_TIMEOUT)
                || isMariaDb(e, MARIADB_STATEMENT_TIMEOUT);
    }

    // H2's codes have five digits, and PostgreSQL has none
    private static boolean isMariaDb(SQLException e, int code) {
        return e.getErrorCode() == code;
    }

    private static String state(Throwable thrown) {
        return sqlException(thrown).map(SqlErrors::stateOf).orElse(NO_STATE);
    }

    private static Optional<SQLException> sqlException(Throwable thrown) {
        List<SQLException> found = Throwables.getCausalChain(thrown).stream()
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .map(SqlErrors::ofServer)
                .toList();
        // MariaDB's driver reports a broken connection in an exception without a state
        return found.stream()
                .filter(e -> e.getSQLState() != null)
                .findFirst()
                .or(() -> found.stream().findFirst());
    }

    // a batch wraps the server's error in a message that quotes the whole statement
    private static SQLException ofServer(SQLException e) {
        SQLException next = e.getNextException();
        return e instanceof BatchUpdateException && next != null ? next : e;
    }

    private static String stateOf(SQLException e) {
        String state = e.getSQLState();
        return state == null ? NO_STATE : state;
    }

    private static String reason(SQLException e) {
        if (isNotMigrated(e)) {
            return NOT_MIGRATED + RUN_MIGRATE;
        }
        return switch (stateOf(e)) {
            case "22021" -> "text with a NUL character, which PostgreSQL cannot keep";
            case "22001" -> "text longer than the database allows";
            case "23505", "23000" ->
                "an idempotency key that another transaction has stored since this one began;"
                        + " send again in a new transaction";
            case "40001", "40P01" -> CONFLICT;
            case "HYT00", "55P03" -> LOCKED_TOO_LONG;
            default -> reasonOfCode(e.getErrorCode());
        };
    }

    private static boolean brokeOnInsert(Throwable thrown, SQLException cause) {
        return stateOf(cause).startsWith(CONNECTION_FAILED)
                && Throwables.getCausalChain(thrown).stream().anyMatch(BatchUpdateException.class::isInstance);
    }

    private static String reasonOfCode(int code) {
        return switch (code) {
            case MARIADB_LOCK_WAIT_TIMEOUT, MARIADB_STATEMENT_TIMEOUT -> LOCKED_TOO_LONG;
            case MARIADB_RECORD_CHANGED -> CONFLICT;
            case MARIADB_PACKET_TOO_LARGE -> PACKET_TOO_LARGE;
            default -> "the database failed";
        };
    }

    // data exceptions and constraint violations
    private static boolean mayQuote(SQLException e) {
        return e instanceof BatchUpdateException
                || stateOf(e).startsWith("22")
                || stateOf(e).startsWith("23");
    }

    private static SQLException withoutMessage(SQLException e) {
        SQLException bare =
                new SQLException("message left out, it may quote the event", e.getSQLState(), e.getErrorCode());
        bare.setStackTrace(e.getStackTrace());
        return bare;
    }
}
