package dev.eventstream.benchmarks.capacity.simulation;

import dev.eventstream.benchmarks.capacity.Workload;

/**
 * What is simulated.
 *
 * <p>Immutable.
 *
 * @param load readers, events and nodes; at most 10,000,000 readers
 * @param failure what happens
 * @param share of the readers that a cut affects; above 0, at most 1
 * @param outage how many seconds a cut lasts
 * @param notices after how many seconds the load balancer notices that a node drains, or is back; infinite if it never notices a drain
 * @param choice how the load balancer chooses a node
 * @param maxStreams {@code eventStream.limits.streams}
 * @param behind events that readers have missed before they lose their streams
 * @param client what readers use
 * @param seed of everything that is random
 */
public record Scenario(
        Workload load,
        Failure failure,
        double share,
        double outage,
        double notices,
        Choice choice,
        int maxStreams,
        double behind,
        ClientKind client,
        long seed) {
    /** The most readers. */
    public static final int MAX_READERS = 10_000_000;

    private static final int MAX_SECONDS = 600;
    private static final int DEFAULT_OUTAGE = 10;

    /** Checks all values. */
    public Scenario {
        check("readers", load.readers(), 1, MAX_READERS);
        check("share", share, 1e-6, 1);
        check("outage", outage, 0, MAX_SECONDS);
        check("notices", notices, 0, Double.POSITIVE_INFINITY);
        check("maxStreams", maxStreams, 1, Integer.MAX_VALUE);
        check("behind", behind, 0, 1e9);
    }

    /** A failure with the default settings: a cut affects half of the readers for ten seconds, and the balancer notices within 2 s. */
    public static Scenario of(Workload load, Failure failure, long seed) {
        double left = Math.max(1, load.nodes() - 1);
        int maxStreams = (int) Math.min(Integer.MAX_VALUE, Math.max(10_000, 1.2 * load.readers() / left));
        return new Scenario(
                load, failure, 0.5, DEFAULT_OUTAGE, 2, Choice.IN_TURN, maxStreams, 0, ClientKind.BUNDLE, seed);
    }

    /** The same with another strategy of the load balancer. */
    public Scenario with(Choice other) {
        return new Scenario(load, failure, share, outage, notices, other, maxStreams, behind, client, seed);
    }

    /** The same with another {@code eventStream.limits.streams}. */
    public Scenario withMaxStreams(int other) {
        return new Scenario(load, failure, share, outage, notices, choice, other, behind, client, seed);
    }

    private static void check(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) { // NaN is refused, too
            throw new IllegalArgumentException(name + " is " + value + "; allowed is " + min + " to " + max);
        }
    }

    int readers() {
        return (int) load.readers();
    }

    int nodes() {
        return (int) load.nodes();
    }
}
