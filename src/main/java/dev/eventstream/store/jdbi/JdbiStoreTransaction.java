package dev.eventstream.store.jdbi;

import dev.eventstream.store.StoreTransaction;
import org.jdbi.v3.core.Handle;

/**
 * The application's JDBI transaction, for sending within it.
 *
 * <p>It must end through JDBI ({@code inTransaction}, {@code @Transaction} or {@link Handle#commit()}), because JDBI reports the
 * commit. It does not report a rollback to a savepoint.
 *
 * <p>Confined to the thread that runs the transaction.
 *
 * @param handle of the same database as the store
 */
public record JdbiStoreTransaction(Handle handle) implements StoreTransaction {

    /**
     * @throws IllegalStateException if the handle is in no transaction
     */
    public JdbiStoreTransaction {
        requireTransaction(handle);
    }

    /**
     * Makes JDBI run the callback right after the commit.
     *
     * @throws IllegalStateException if the transaction has ended
     */
    @Override
    public void afterCommit(Runnable callback) {
        requireTransaction(handle);
        handle.afterCommit(callback);
    }

    static void requireTransaction(Handle handle) {
        if (handle.isClosed() || !handle.isInTransaction()) {
            throw new IllegalStateException("the handle is in no transaction, so nothing could be sent within it; send"
                    + " inside jdbi.inTransaction(...), handle.inTransaction(...) or a method with @Transaction");
        }
    }
}
