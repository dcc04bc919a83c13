package dev.eventstream.torture;

import java.util.Locale;

/** What can happen to a run. */
enum FaultKind {
    /** Kills a node (SIGKILL) and starts it again a while later. */
    KILL_NODE,
    /** Has a node die within a transaction, before or after the commit. */
    DIE_IN_TRANSACTION,
    /** Stops a node's process for a while (SIGSTOP). */
    STOP_NODE,
    /** Kills the database server (SIGKILL) and starts it again. */
    KILL_DATABASE,
    /** Cuts all connections between nodes and database. */
    CUT_DATABASE,
    /** Lets nothing pass between a node and the database for a while. */
    HOLD_DATABASE,
    /** Delays what passes between a node and the database. */
    DELAY_DATABASE,
    /** Cuts all streams that come in at a door. */
    CUT_READERS,
    /** Lets nothing pass through a door for a while. */
    HOLD_READERS,
    /** Delays what passes through a door. */
    DELAY_READERS,
    /** Loses the announcements of a node for a while. */
    DROP_ANNOUNCEMENTS,
    /** Trims what is older than some seconds. */
    TRIM,
    /** Deletes all logs, as a database does that is set up anew. */
    WIPE,
    /** Takes a channel from a user, and gives it back a while later. */
    REVOKE,
    /**
     * An application's transaction holds the lock of a channel for up to 20 s, through the front door or with SQL of its own,
     * while others send to that channel and to one that is not locked.
     */
    LOCK_CHANNEL,
    /** Thousands of small events in a moment, for hundreds of readers who all have other channels besides. */
    BURST,
    /** An {@link Error} is thrown once in one of a node's loops. */
    THROW_ERROR,
    /** Kills a proxy (SIGKILL) and starts it again. */
    KILL_PROXY,
    /** Stops a proxy's handler process for a while (SIGSTOP). */
    STOP_PROXY,
    /** Cuts or holds what passes between nodes and a proxy's control port. */
    HOLD_CONTROL;

    /** Whether it delays what nodes and the database do, so that a send may rightly take long meanwhile. */
    boolean delaysSends() {
        return switch (this) {
            case KILL_NODE,
                    DIE_IN_TRANSACTION,
                    STOP_NODE,
                    KILL_DATABASE,
                    CUT_DATABASE,
                    HOLD_DATABASE,
                    DELAY_DATABASE,
                    WIPE,
                    LOCK_CHANNEL,
                    BURST -> true;
            case CUT_READERS,
                    HOLD_READERS,
                    DELAY_READERS,
                    DROP_ANNOUNCEMENTS,
                    TRIM,
                    REVOKE,
                    THROW_ERROR,
                    KILL_PROXY,
                    STOP_PROXY,
                    HOLD_CONTROL -> false;
        };
    }

    static FaultKind of(String label) {
        for (FaultKind kind : values()) {
            if (kind.label().equals(label)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("there is no fault \"" + label + "\"; see --help");
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
