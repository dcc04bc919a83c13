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
    /** Kills a proxy (SIGKILL) and starts it again. */
    KILL_PROXY,
    /** Stops a proxy's handler process for a while (SIGSTOP). */
    STOP_PROXY,
    /** Cuts or holds what passes between nodes and a proxy's control port. */
    HOLD_CONTROL;

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
