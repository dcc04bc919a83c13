package dev.eventstream.bus;

import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import java.nio.ByteBuffer;
import java.util.Map;

/** Receives the messages of other nodes. Called on the receiving thread; must not block. */
public interface BusListener {

    /**
     * Channels have new events in the log.
     *
     * @param newest the newest position in each channel that the other node knows
     */
    void moved(Map<ChannelName, EventId> newest);

    /** An event of a channel that is not stored. */
    void unstored(Event event);

    /**
     * Any messages of other nodes may have been lost, or were sent before this node could receive them. Look for new stored
     * events, check permissions again, and expect that unstored events are missing.
     */
    void interrupted();

    /** Another node had to drop unstored events. */
    void unstoredDropped();

    /** The rights of readers may have changed. */
    void accessChanged(AccessChange change);

    /**
     * A report of presence. Ignored by default.
     *
     * @param node the node that sent it
     * @param report the bytes that it gave to {@link NodeBus#sendPresence}
     * @throws IllegalArgumentException if the report cannot be read
     */
    default void present(long node, ByteBuffer report) {}
}
