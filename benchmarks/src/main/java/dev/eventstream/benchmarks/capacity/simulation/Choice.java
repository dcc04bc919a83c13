package dev.eventstream.benchmarks.capacity.simulation;

/** How a load balancer chooses a node for a connection. */
public enum Choice {
    /** In turn. */
    IN_TURN,
    /** The one with the fewest connections. */
    FEWEST
}
