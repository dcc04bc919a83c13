package dev.eventstream.torture;

import java.util.List;

/**
 * A transaction that a node is to run.
 *
 * @param kept how many of the events are sent before the savepoint that {@link Way#SAVEPOINT} goes back to
 */
public record Send(Way way, List<One> events, int kept) {
    public Send {
        events = List.copyOf(events);
    }

    /** How it goes and ends. */
    public enum Way {
        /** In a transaction of the product's own. */
        ALONE,
        /** In the application's transaction, which commits. */
        COMMIT,
        /** In the application's transaction, which rolls back. */
        ROLLBACK,
        /** Some, then a savepoint, then the others, then back to the savepoint, then a commit. */
        SAVEPOINT,
        /** The node ends as if killed, right before the commit. */
        DIE_BEFORE_COMMIT,
        /** The node ends as if killed, right after the commit. */
        DIE_AFTER_COMMIT
    }

    /**
     * One event.
     *
     * @param skip user that must not get it; empty for none
     * @param key idempotency key; empty for none
     */
    public record One(String channel, String data, String skip, String key) {}

    /**
     * What became of it.
     *
     * @param ids of the events that are committed; empty for one that is not stored
     */
    public record Answer(Outcome outcome, List<String> ids) {
        public Answer {
            ids = List.copyOf(ids);
        }
    }

    /** What a writer is told. */
    public enum Outcome {
        COMMITTED,
        ROLLED_BACK,
        UNKNOWN
    }
}
