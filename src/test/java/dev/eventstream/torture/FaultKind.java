package dev.eventstream.torture;

import java.util.Locale;

/** The kinds of faults in a run. */
enum FaultKind {
    /** Kills a node (SIGKILL) and starts it again a while later. */
    KILL_NODE,
    /** Makes a node die within a transaction, before or after the commit. */
    DIE_IN_TRANSACTION,
    /** Stops a node's process for a while (SIGSTOP). */
    STOP_NODE,
    /** Kills the database server (SIGKILL) and starts it again. */
    KILL_DATABASE,
    /** Cuts all connections between nodes and database. */
    CUT_DATABASE,
    /** Blocks the traffic between a node and the database for a while. */
    HOLD_DATABASE,
    /** Delays the traffic between a node and the database. */
    DELAY_DATABASE,
    /** Cuts all streams through a door. */
    CUT_READERS,
    /** Blocks the traffic through a door for a while. */
    HOLD_READERS,
    /** Delays the traffic through a door. */
    DELAY_READERS,
    /** Loses the announcements of a node for a while. */
    DROP_ANNOUNCEMENTS,
    /** Trims events older than some seconds. */
    TRIM,
    /** Deletes all logs, as if the database were set up anew. */
    WIPE,
    /** Revokes a user's permission for a channel, and grants it again a while later. */
    REVOKE,
    /**
     * An application's transaction holds the lock of a channel for up to 20 s, through the front door or by bare SQL, while
     * others send to that channel and to one that is not locked.
     */
    LOCK_CHANNEL,
    /** Sends thousands of small events at once to many readers, each of which has a private channel besides. */
    BURST,
    /** Throws an {@link Error} once in one of a node's loops. */
    THROW_ERROR,
    /** Kills a proxy (SIGKILL) and starts it again. */
    KILL_PROXY,
    /** Stops a proxy's handler process for a while (SIGSTOP). */
    STOP_PROXY,
    /** Blocks and then cuts the traffic between nodes and a proxy's control port. */
    HOLD_CONTROL,
    /** Cuts the connections between a node and the bus, or between all nodes and the bus. */
    CUT_BUS,
    /** Blocks the traffic between a node and the bus for up to 25 s, and may cut it then. */
    HOLD_BUS,
    /** Delays the traffic between a node and the bus. */
    DELAY_BUS,
    /** Kills the server of the bus (SIGKILL) and starts it again. */
    KILL_BUS;

    /** Whether it delays nodes or the database, so that a send may rightly take long during it. */
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
                    HOLD_CONTROL,
                    CUT_BUS,
                    HOLD_BUS,
                    DELAY_BUS,
                    KILL_BUS -> false;
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
