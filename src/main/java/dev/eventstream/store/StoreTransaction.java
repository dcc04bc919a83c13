package dev.eventstream.store;

/**
 * The application's own transaction, within which events are sent. Confined to the thread that runs the transaction.
 */
public interface StoreTransaction {

    /**
     * Registers a callback that runs on this thread after the commit, and never after a rollback. A transaction that cannot
     * see its commit never runs it.
     */
    void afterCommit(Runnable callback);
}
