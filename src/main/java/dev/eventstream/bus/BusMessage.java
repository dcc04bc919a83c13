package dev.eventstream.bus;

import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import java.nio.ByteBuffer;
import java.util.Map;

/** A message from one node to the others. */
sealed interface BusMessage {

    /**
     * Channels have new events in the log.
     *
     * @param newest the newest position in each channel that the sender knows
     */
    record Moved(Map<ChannelName, EventId> newest) implements BusMessage {
        public Moved {
            newest = Map.copyOf(newest);
        }
    }

    /** An event of a channel that is not stored. */
    record Unstored(Event event) implements BusMessage {}

    /** The rights of readers may have changed. */
    record AccessChanged(AccessChange change) implements BusMessage {}

    /** The sender had to drop unstored events: readers of unstored channels may have missed some. */
    record Dropped() implements BusMessage {}

    /**
     * The sender is alive.
     *
     * @param sentAtNanos when it was sent, by the sender's ticker
     */
    record Alive(NodeInfo node, long sentAtNanos) implements BusMessage {}

    /**
     * A report of package {@code presence}.
     *
     * @param node the sender
     * @param report its bytes, which must not be changed
     */
    record Present(long node, ByteBuffer report) implements BusMessage {}
}
