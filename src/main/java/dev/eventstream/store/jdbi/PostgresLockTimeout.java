package dev.eventstream.store.jdbi;

/**
 * Limits the lock waits of a transaction on PostgreSQL.
 *
 * <p>The statement that takes the first lock of a transaction also sets {@code lock_timeout} for that transaction, in a
 * condition that PostgreSQL evaluates before it locks the row. So the limit costs no round trip, and it ends with the transaction.
 */
final class PostgresLockTimeout {
    /** A condition that is always true and sets the limit. */
    static final String CONDITION = "set_config(?, ?, ?) IS NOT NULL";

    private PostgresLockTimeout() {}

    /** The parameters of {@link #CONDITION}. */
    static Object[] parameters(LockWait wait) {
        // a number without a unit means milliseconds; true limits the setting to the transaction
        return new Object[] {"lock_timeout", Long.toString(wait.millis().orElseThrow()), true};
    }
}
