package dev.eventstream.store;

/**
 * The application's own transaction, as far as sending needs it. Confined to the thread that runs the transaction.
 */
public interface StoreTransaction {

    /**
     * Has the callback run on this thread once the transaction has committed, and never if it rolls back. A transaction
     * that is not told of its commit never runs it.
     */
    void afterCommit(Runnable callback);
}
