package dev.eventstream.store.jdbi;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How long the statements of an append may wait for locks.
 *
 * <p>Immutable.
 *
 * @param millis 1 or more; empty for the database's limit
 */
record LockWait(OptionalLong millis) {
    /** The database's limit, which the application has chosen for its transactions. */
    static final LockWait OF_DATABASE = new LockWait(OptionalLong.empty());

    /** The limit in whole milliseconds. Zero becomes one, because zero means 'no limit' to some databases. */
    static LockWait of(Duration limit) {
        return new LockWait(OptionalLong.of(Math.max(1, limit.toMillis())));
    }

    boolean isLimited() {
        return millis.isPresent();
    }
}
