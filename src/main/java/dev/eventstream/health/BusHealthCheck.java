package dev.eventstream.health;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.bus.NodeBus;
import dev.eventstream.bus.NodeInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Checks that this node and the others can reach one another. */
public final class BusHealthCheck extends HealthCheck {
    private final NodeBus bus;
    private final boolean hasUnstored;

    /**
     * @param hasUnstored whether there are channels that are not stored
     */
    public BusHealthCheck(NodeBus bus, boolean hasUnstored) {
        this.bus = bus;
        this.hasUnstored = hasUnstored;
    }

    @Override
    protected Result check() {
        Optional<String> trouble = bus.trouble();
        if (trouble.isPresent()) {
            return Result.unhealthy("%s", trouble.get());
        }
        List<NodeInfo> nodes = bus.nodes();
        StringBuilder message = new StringBuilder("nodes: ").append(nodes.size());
        if (nodes.size() > 1 && hasUnstored && !bus.carriesUnstored()) {
            message.append(
                    "; events of unstored channels stay on the node that sends them, because this eventStream.bus"
                            + " does not carry them; postgres, redis and nats do");
        }
        appendDifferences(message, nodes);
        return Result.healthy("%s", message);
    }

    // healthy, because the nodes differ during every deployment that changes a setting
    private void appendDifferences(StringBuilder message, List<NodeInfo> nodes) {
        NodeInfo self = bus.self();
        Map<String, Long> counts = nodes.stream()
                .flatMap(node -> self.differences(node).stream())
                .collect(Collectors.groupingBy(key -> key, TreeMap::new, Collectors.counting()));
        counts.forEach((key, count) -> message.append("; nodes with a different ")
                .append(key)
                .append(": ")
                .append(count));
    }
}
