package dev.eventstream.bus;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of the application from which this node has recently received a message, including itself. Each announces itself every
 * {@link #ANNOUNCE_EVERY}. A node whose settings differ from this node's is logged once.
 *
 * <p>Thread-safe.
 */
final class Nodes {
    static final Duration ANNOUNCE_EVERY = Duration.ofSeconds(5);

    /** A node that has been silent for longer than this counts as having left. */
    static final Duration SILENCE = Duration.ofSeconds(17);

    private static final int MAX_NODES = 1_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(Nodes.class);

    private final NodeInfo self;
    private final Ticker ticker;
    private final Map<Long, Seen> seen = new ConcurrentHashMap<>();

    private volatile Duration lag = Duration.ZERO;

    private record Seen(NodeInfo node, long atNanos) {}

    Nodes(NodeInfo self, Ticker ticker) {
        this.self = self;
        this.ticker = ticker;
    }

    /**
     * Notes that a node has announced itself.
     *
     * @param sentAtNanos when it did so, by its own ticker
     */
    void heard(NodeInfo node, long sentAtNanos) {
        if (seen.size() >= MAX_NODES && !seen.containsKey(node.id())) {
            return;
        }
        long now = ticker.read();
        boolean isNew = seen.put(node.id(), new Seen(node, now)) == null;
        if (node.id() == self.id()) {
            lag = Duration.ofNanos(now - sentAtNanos);
        } else if (isNew) {
            joined(node);
        }
    }

    private void joined(NodeInfo node) {
        LOGGER.info("Node {}, version {}, has joined; nodes on the bus: {}", node, node.version(), seen.size());
        List<String> differences = self.differences(node);
        if (!differences.isEmpty()) {
            LOGGER.warn(
                    "Node {} and this node have different values of {}; give all nodes the same, unless you are changing"
                            + " them node by node (docs/CLUSTER.md describes the effects)",
                    node,
                    String.join(", ", differences));
        }
    }

    /** Forgets nodes that have left. */
    void forgetSilent() {
        long now = ticker.read();
        for (Seen one : List.copyOf(seen.values())) {
            boolean isSilent = now - one.atNanos() > SILENCE.toNanos();
            if (isSilent && seen.remove(one.node().id(), one) && one.node().id() != self.id()) {
                LOGGER.info("Node {} has left; nodes on the bus: {}", one.node(), seen.size());
            }
        }
    }

    /** The nodes on the bus, by name. */
    List<NodeInfo> all() {
        return seen.values().stream()
                .map(Seen::node)
                .sorted(Comparator.comparing(NodeInfo::name).thenComparingLong(NodeInfo::id))
                .toList();
    }

    /** How long the last announcement that came back to this node took. */
    Duration lag() {
        return lag;
    }

    /** How long ago this node received its own announcement; {@link Long#MAX_VALUE} if that was too long ago to remember. */
    long nanosSinceOwn() {
        Seen own = seen.get(self.id());
        return own == null ? Long.MAX_VALUE : ticker.read() - own.atNanos();
    }
}
