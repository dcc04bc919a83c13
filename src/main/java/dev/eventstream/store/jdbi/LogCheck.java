package dev.eventstream.store.jdbi;

import com.google.common.base.Throwables;
import dev.eventstream.store.EventStoreException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/** Checks that the log can be read, and that the database has what this version needs. Confined to the thread of its handle. */
final class LogCheck {
    /** What is reported if the check fails, without the reason. */
    static final String FAILED = "the log cannot be read";

    private final Handle handle;
    private final Dialect dialect;

    LogCheck(Handle handle, Dialect dialect) {
        this.handle = handle;
        this.dialect = dialect;
    }

    /**
     * @return the number of rows read, which is 0
     * @throws EventStoreException if something is missing; the message says what to do
     */
    int run() {
        int rows = readColumns();
        dialect.check(handle);
        return rows;
    }

    private int readColumns() {
        try {
            return new EventDao(handle).readColumns();
        } catch (JdbiException e) {
            if (SqlErrors.isNotMigrated(e)) {
                throw new EventStoreException(
                        FAILED + ": " + SqlErrors.NOT_MIGRATED + dialect.howToMigrate(handle),
                        Throwables.getRootCause(e));
            }
            throw e;
        }
    }
}
