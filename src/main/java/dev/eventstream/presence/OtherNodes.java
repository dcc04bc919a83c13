package dev.eventstream.presence;

import com.google.common.base.Ticker;
import dev.eventstream.presence.Message.Alive;
import dev.eventstream.presence.Message.Changes;
import dev.eventstream.presence.Message.Gone;
import dev.eventstream.presence.Message.Whole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The reports of the other nodes. A node that reports nothing for {@link #LEASE} no longer counts, and neither do its readers.
 *
 * <p>Thread-safe.
 */
final class OtherNodes {
    /** How long a node's report is valid; a node reports more often, even if nothing has changed. */
    static final Duration LEASE = Duration.ofSeconds(17);

    /** The shortest time between two questions to the same node. */
    static final Duration ASK_AGAIN = Duration.ofSeconds(3);

    private static final int MAX_NODES = 1_000;
    private static final long UNKNOWN = -1;

    private final PresentReaders all;
    private final Ticker ticker;
    private final Map<Long, Node> nodes = new HashMap<>(); // guarded by this

    private static final class Node {
        private long version = UNKNOWN;
        private boolean maySend;
        private boolean isBehind = true;
        private boolean hasRoom = true;
        private long heardAtNanos;
        private long askedAtNanos;
    }

    OtherNodes(PresentReaders all, Ticker ticker) {
        this.all = all;
        this.ticker = ticker;
    }

    /** Applies the report of a node. */
    synchronized void heard(long id, Message message) {
        if (message instanceof Gone) {
            remove(id);
            return;
        }
        if (nodes.size() >= MAX_NODES && !nodes.containsKey(id)) {
            return;
        }
        Node node = nodes.computeIfAbsent(id, unused -> begin());
        node.heardAtNanos = ticker.read();
        if (message instanceof Changes changes) {
            apply(id, node, changes);
        } else if (message instanceof Whole whole) {
            apply(id, node, whole);
        } else if (message instanceof Alive alive) {
            node.maySend = alive.maySend();
            // an older number is an older message: versions only grow
            node.isBehind = node.version < alive.version();
        }
    }

    private Node begin() {
        Node node = new Node();
        node.askedAtNanos = ticker.read() - ASK_AGAIN.toNanos();
        return node;
    }

    private void apply(long id, Node node, Changes changes) {
        if (node.version == changes.base()) {
            changes.counts().forEach((attendee, streams) -> node.hasRoom &= all.set(source(id), attendee, streams));
            node.version++;
        } else if (node.version < changes.base()) {
            node.isBehind = true;
        }
    }

    private void apply(long id, Node node, Whole whole) {
        if (node.version <= whole.version()) {
            node.hasRoom = all.replace(source(id), whole.counts());
            node.version = whole.version();
            node.isBehind = false;
        }
    }

    private void remove(long id) {
        nodes.remove(id);
        all.remove(source(id));
    }

    private static String source(long id) {
        return "node " + id;
    }

    /** Removes the nodes whose lease has expired. */
    synchronized void forgetSilent() {
        long now = ticker.read();
        List.copyOf(nodes.entrySet()).stream()
                .filter(entry -> now - entry.getValue().heardAtNanos > LEASE.toNanos())
                .forEach(entry -> remove(entry.getKey()));
    }

    /** The nodes to ask for everything, because this node has missed a report. Each is returned once per {@link #ASK_AGAIN}. */
    synchronized List<Long> toAsk() {
        long now = ticker.read();
        List<Long> ids = new ArrayList<>();
        nodes.forEach((id, node) -> {
            if (node.isBehind && now - node.askedAtNanos >= ASK_AGAIN.toNanos()) {
                node.askedAtNanos = now;
                ids.add(id);
            }
        });
        return ids;
    }

    /** Whether this node has everything that the others have reported. */
    synchronized boolean isComplete() {
        return nodes.values().stream().allMatch(node -> node.hasRoom && !node.isBehind);
    }

    synchronized boolean isEmpty() {
        return nodes.isEmpty();
    }

    /** When the last message of the node that sends joins and leaves came: the node with the lowest id, if that is below the given one. */
    synchronized Optional<Long> senderHeardAt(long self) {
        return nodes.entrySet().stream()
                .filter(entry -> entry.getValue().maySend && entry.getKey() < self)
                .min(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue().heardAtNanos);
    }
}
