package dev.eventstream.subscriber;

import dev.eventstream.channel.AccessChange;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The changes of rights that a shard has yet to apply, at most {@value #MAX}. Those that arrive together are applied together: one
 * search of the streams serves all of them.
 *
 * <p>Thread-safe.
 */
final class WaitingChanges {
    static final int MAX = 20_000;

    // guarded by this
    private Set<AccessChange> waiting = new LinkedHashSet<>();
    private boolean areTooMany;

    /**
     * The changes that waited.
     *
     * @param areTooMany whether there were more; then it is unknown which streams are affected
     */
    record Taken(Set<AccessChange> changes, boolean areTooMany) {}

    /** Adds a change; returns whether the shard must be notified, because nothing waited before. */
    synchronized boolean add(AccessChange change) {
        boolean isFirst = waiting.isEmpty();
        if (waiting.size() < MAX) {
            waiting.add(change);
        } else if (!waiting.contains(change)) {
            areTooMany = true;
        }
        return isFirst;
    }

    /** Takes everything. */
    synchronized Taken take() {
        Taken taken = new Taken(waiting, areTooMany);
        waiting = new LinkedHashSet<>();
        areTooMany = false;
        return taken;
    }
}
