package dev.eventstream.bus;

import com.google.common.base.Ticker;
import dev.eventstream.bus.BusMessage.AccessChanged;
import dev.eventstream.bus.BusMessage.Moved;
import dev.eventstream.channel.AccessChange;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.event.Event;
import dev.eventstream.event.EventId;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A program on the bus that is not a node, and that ends soon. It does not announce itself, so it does not appear among the nodes. Each
 * message opens a connection and closes it again.
 *
 * <p>Thread-safe.
 */
public final class BusVisitor {
    private final Bus bus;

    public BusVisitor(Bus bus) {
        this.bus = bus;
    }

    /** Whether the nodes expect to hear of new events; if not, they find them with their next poll. */
    public boolean carriesEvents() {
        return bus.isFast();
    }

    /**
     * Notifies the nodes of committed events.
     *
     * @param events in the order of their commits
     * @throws Exception if the bus may not have accepted the message; the message is for the person on call
     */
    public void announce(List<Event> events) throws Exception {
        Map<ChannelName, EventId> newest = new HashMap<>();
        events.forEach(event -> newest.put(event.channel(), event.id()));
        publish(new Moved(newest));
    }

    /**
     * Notifies the nodes that the rights of readers may have changed.
     *
     * @throws Exception if the bus may not have accepted the message; the message is for the person on call
     */
    public void accessChanged(AccessChange change) throws Exception {
        publish(new AccessChanged(change));
    }

    /**
     * Watches the nodes.
     *
     * @throws Exception if the bus cannot be used; the message is for the person on call
     */
    public NodeWatch watch() throws Exception {
        return new NodeWatch(bus, Ticker.systemTicker());
    }

    private void publish(BusMessage message) throws Exception {
        MessageWriter writer = new MessageWriter(new SecureRandom().nextLong(), bus.maxMessageBytes());
        try (Bus.Publisher publisher = bus.openPublisher()) {
            for (byte[] packed : writer.write(List.of(message))) {
                publisher.publish(packed);
            }
        }
    }
}
