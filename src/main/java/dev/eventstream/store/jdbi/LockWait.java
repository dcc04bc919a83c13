package dev.eventstream.store.jdbi;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How long the statements of an append may wait for locks.
 *
 * <p>Immutable.
 *
 * @param millis 1 or more; empty for as long as the database itself allows
 */
record LockWait(OptionalLong millis) {
    /** The database's own limit, which is what the application chose for its transactions. */
    static final LockWait OF_DATABASE = new LockWait(OptionalLong.empty());

    /** The limit in whole milliseconds. Zero becomes one, because zero means 'no limit' to some databases. */
    static LockWait of(Duration limit) {
        return new LockWait(OptionalLong.of(Math.max(1, limit.toMillis())));
    }

    boolean isLimited() {
        return millis.isPresent();
    }
}
