package dev.eventstream.health;

import com.codahale.metrics.health.HealthCheck;
import dev.eventstream.bus.NodeBus;
import java.util.Optional;

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
        int nodes = bus.nodes().size();
        return nodes > 1 && hasUnstored && !bus.carriesUnstored()
                ? Result.healthy(
                        "nodes: %d; events of unstored channels stay on the node that sends them, because this eventStream.bus"
                                + " does not carry them; postgres, redis and nats do",
                        nodes)
                : Result.healthy("nodes: %d", nodes);
    }
}
