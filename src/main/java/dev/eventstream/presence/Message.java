package dev.eventstream.presence;

import dev.eventstream.channel.Attendee;
import java.util.Map;

/**
 * A message between nodes. A node counts its reports in its version, so that others notice if they have missed one.
 *
 * <p>Immutable.
 */
sealed interface Message {

    /** The largest number of streams of a reader. */
    int MAX_STREAMS = 10_000_000;

    /**
     * The counts that have changed; a reader who left has 0. The sender now has the next version.
     *
     * @param base the version that the counts belong to
     */
    record Changes(long base, Map<Attendee, Integer> counts) implements Message {
        public Changes {
            counts = Map.copyOf(counts);
        }
    }

    /** All counts of a version. */
    record Whole(long version, Map<Attendee, Integer> counts) implements Message {
        public Whole {
            counts = Map.copyOf(counts);
        }
    }

    /**
     * The sender is alive.
     *
     * @param version of its counts
     * @param maySend whether it has run for long enough to send joins and leaves
     */
    record Alive(long version, boolean maySend) implements Message {}

    /**
     * The sender lacks reports.
     *
     * @param node the node whose reports it lacks; 0 if all nodes should send theirs
     */
    record Wanted(long node) implements Message {}

    /** The sender stops in good order. */
    record Gone() implements Message {}
}
