package dev.eventstream.publisher;

import dev.eventstream.event.Event;
import dev.eventstream.store.EventStore;
import dev.eventstream.store.EventStoreException;
import dev.eventstream.store.StoreTransaction;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Remembers which events a thread has sent in transactions of the application that have not ended. A send outside such a
 * transaction, on the same thread, could wait for a lock that the thread itself holds.
 *
 * <p>JDBI reports a commit, but not a rollback to a savepoint, and a JDBC connection does not report the end of its
 * transaction. So the store is asked whether an event is still uncommitted, but only if a thread sends outside a transaction
 * whose end was not reported. In doubt the send is allowed, and the send timeout applies.
 *
 * <p>Thread-safe.
 */
final class UncommittedSends {
    /** The most sends that are remembered for one thread; the oldest are forgotten first. */
    static final int MAX_SENDS = 16;

    private final EventStore store;

    @SuppressWarnings("ThreadLocalUsage") // each publisher has its own transactions
    private final ThreadLocal<Deque<Sent>> ownSends = new ThreadLocal<>();

    UncommittedSends(EventStore store) {
        this.store = store;
    }

    private static final class Sent {
        private final StoreTransaction transaction;
        private final Event event;
        private volatile boolean isCommitted;

        Sent(StoreTransaction transaction, Event event) {
            this.transaction = transaction;
            this.event = event;
        }
    }

    /** Remembers a send of this thread. */
    void add(StoreTransaction transaction, Event event) {
        Sent sent = new Sent(transaction, event);
        Deque<Sent> own = ownSends.get();
        if (own == null) {
            own = new ArrayDeque<>();
            ownSends.set(own);
        }
        if (own.size() == MAX_SENDS) {
            own.removeFirst();
        }
        own.addLast(sent);
        transaction.afterCommit(() -> forget(sent));
    }

    // the commit may be on another thread than the send
    private void forget(Sent sent) {
        sent.isCommitted = true;
        Deque<Sent> own = ownSends.get();
        if (own != null && own.remove(sent) && own.isEmpty()) {
            ownSends.remove();
        }
    }

    /**
     * Refuses a plain send of this thread while the thread has sent events in a transaction that has not ended.
     *
     * @throws IllegalStateException if there is such a transaction
     */
    void requireNone() {
        Deque<Sent> own = ownSends.get();
        if (own == null) {
            return;
        }
        own.removeIf(sent -> !isUncommitted(sent));
        if (own.isEmpty()) {
            ownSends.remove();
            return;
        }
        throw new IllegalStateException(
                "this thread has sent events in a transaction that has not ended, among them one"
                        + " for channel \"" + own.getFirst().event.channel()
                        + "\", and could now wait for its own lock; send"
                        + " within the transaction, by eventStream.in(handle).send(…) or eventStream.in(connection).send(…), or"
                        + " after its end");
    }

    private boolean isUncommitted(Sent sent) {
        try {
            return !sent.isCommitted && store.isUncommitted(sent.transaction, sent.event);
        } catch (EventStoreException e) {
            return false;
        }
    }
}
