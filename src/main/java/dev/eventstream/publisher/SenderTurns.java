package dev.eventstream.publisher;

import dev.eventstream.publisher.PendingSend.Turn;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/**
 * Who leads and who probes: one sender each at a time, the first in its queue.
 *
 * <p>Not thread-safe: {@link SendQueue} guards it.
 */
final class SenderTurns {
    private @Nullable PendingSend leader;
    private @Nullable PendingSend prober;

    /**
     * Gives each turn that is free to the first sender that waits for it.
     *
     * @param waiting the sends that wait for a leader
     * @param locked the sends that wait for locked channels
     * @param now by the ticker
     */
    void give(NavigableSet<PendingSend> waiting, LockedChannels locked, long now) {
        if (leader == null && !waiting.isEmpty()) {
            leader = waiting.first();
            leader.give(Turn.LEAD);
        }
        if (prober == null) {
            prober = locked.next(now)
                    .map(due -> locked.sendsTo(due.channel()).first())
                    .orElse(null);
            if (prober != null) {
                prober.give(Turn.PROBE);
            }
        }
    }

    void endLead() {
        leader = null;
    }

    void endProbe() {
        prober = null;
    }

    /** Takes the turn from a sender that has ended. */
    void end(PendingSend send) {
        leader = leader == send ? null : leader;
        prober = prober == send ? null : prober;
    }
}
