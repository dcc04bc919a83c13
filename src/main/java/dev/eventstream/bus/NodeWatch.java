package dev.eventstream.bus;

import com.google.common.base.Ticker;
import dev.eventstream.bus.BusMessage.Alive;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Watches the nodes on the bus from a program that is not one of them. Each node announces itself every five seconds.
 *
 * <p>Confined to one thread.
 */
public final class NodeWatch implements AutoCloseable {
    /** Within this time, every node is heard at least once, even on a bus that is polled. */
    public static final Duration ROUND = Nodes.ANNOUNCE_EVERY.plusSeconds(3);

    private static final int MAX_NODES = 1_000;

    private final Bus.Receiver receiver;
    private final Ticker ticker;
    private final MessageReader reader = new MessageReader(new SecureRandom().nextLong());
    private final Map<Long, Seen> seen = new TreeMap<>();

    private record Seen(NodeInfo node, long atNanos) {}

    /**
     * Opens a connection.
     *
     * @throws Exception if the bus cannot be used; the message is for the person on call
     */
    NodeWatch(Bus bus, Ticker ticker) throws Exception {
        this.receiver = bus.openReceiver();
        this.ticker = ticker;
    }

    /**
     * Waits up to a second for announcements.
     *
     * @throws Exception if the connection has failed; the message is for the person on call
     */
    public void receive() throws Exception {
        for (byte[] message : receiver.receive(Duration.ofSeconds(1))) {
            try {
                reader.read(message).forEach(this::note);
            } catch (IllegalArgumentException e) {
                // of another version, or not of a node
            }
        }
        seen.values().removeIf(one -> ticker.read() - one.atNanos() > Nodes.SILENCE.toNanos());
    }

    private void note(BusMessage message) {
        if (message instanceof Alive alive
                && (seen.size() < MAX_NODES || seen.containsKey(alive.node().id()))) {
            seen.put(alive.node().id(), new Seen(alive.node(), ticker.read()));
        }
    }

    /** The nodes that have announced themselves recently, by name. */
    public List<NodeInfo> nodes() {
        return seen.values().stream()
                .map(Seen::node)
                .sorted(Comparator.comparing(NodeInfo::name).thenComparingLong(NodeInfo::id))
                .toList();
    }

    @Override
    public void close() throws IOException {
        receiver.close();
    }
}
