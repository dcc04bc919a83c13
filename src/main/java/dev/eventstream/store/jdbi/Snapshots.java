package dev.eventstream.store.jdbi;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * The isolation levels at which all queries of a transaction see the same state of the whole database.
 *
 * <p>Immutable.
 *
 * @param levels as JDBC counts them
 * @param names for messages
 */
record Snapshots(Set<Integer> levels, String names) {
    /** H2's number for SNAPSHOT, which JDBC does not have ({@code org.h2.engine.Constants.TRANSACTION_SNAPSHOT}). */
    private static final int H2_SNAPSHOT = 6;

    /** PostgreSQL and InnoDB take the snapshot when the transaction first reads. */
    static final Snapshots FROM_REPEATABLE_READ = new Snapshots(
            Set.of(Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE),
            "REPEATABLE READ or SERIALIZABLE");

    /** H2's REPEATABLE READ takes a snapshot of each table when the transaction first reads that table. */
    static final Snapshots OF_H2 =
            new Snapshots(Set.of(H2_SNAPSHOT, Connection.TRANSACTION_SERIALIZABLE), "SERIALIZABLE or SNAPSHOT");

    /**
     * Checks a connection that is in a transaction.
     *
     * @throws IllegalStateException if each query of the transaction may see another state
     */
    void require(Connection connection) throws SQLException {
        int level = connection.getTransactionIsolation();
        if (!levels.contains(level)) {
            throw new IllegalStateException("the transaction's isolation level is " + name(level)
                    + ", at which its queries need not see the state that the position belongs to; allowed is " + names
                    + ". Without such a transaction, call EventStream.currentEventId before you read the state");
        }
    }

    private static String name(int level) {
        return switch (level) {
            case Connection.TRANSACTION_READ_UNCOMMITTED -> "READ UNCOMMITTED";
            case Connection.TRANSACTION_READ_COMMITTED -> "READ COMMITTED";
            case Connection.TRANSACTION_REPEATABLE_READ -> "REPEATABLE READ";
            default -> "number " + level;
        };
    }
}
