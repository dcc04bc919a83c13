package dev.eventstream.torture;

import java.util.List;

/**
 * A transaction for a node to run.
 *
 * @param kept how many events {@link Way#SAVEPOINT} sends before the savepoint
 */
public record Send(Way way, List<One> events, int kept) {
    public Send {
        events = List.copyOf(events);
    }

    /** How the transaction runs and ends. */
    public enum Way {
        /** In the product's transaction. */
        ALONE,
        /** In the application's transaction, which commits. */
        COMMIT,
        /** In the application's transaction, which rolls back. */
        ROLLBACK,
        /** Some events, a savepoint, the other events, a rollback to the savepoint, and a commit. */
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
    public record One(String channel, String data, String skip, String key) {
        /** Finishes the channel. */
        static One end(String channel) {
            return new One(channel, "", "", "");
        }

        /** Whether it is the end of the channel. */
        boolean ends() {
            return data.isEmpty();
        }
    }

    /**
     * The outcome of a transaction.
     *
     * @param ids of the events that are committed; empty for one that is not stored
     */
    public record Answer(Outcome outcome, List<String> ids) {
        public Answer {
            ids = List.copyOf(ids);
        }
    }

    /** The outcome, as a writer knows it. */
    public enum Outcome {
        COMMITTED,
        ROLLED_BACK,
        /** Refused, because the channel is finished. */
        FINISHED,
        UNKNOWN
    }
}
