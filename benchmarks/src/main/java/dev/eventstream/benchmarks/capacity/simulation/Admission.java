package dev.eventstream.benchmarks.capacity.simulation;

/** {@code limits.newStreamsPerSecond} of a node: the algorithm of {@code dev.eventstream.limit.Rates}. */
final class Admission {
    private final double burst;
    private final double cost;
    private double usedUntil;

    /**
     * @param perSecond streams per second
     * @param burst how many seconds' allowance can accumulate
     */
    Admission(double perSecond, double burst, double now) {
        this.burst = burst;
        this.cost = 1 / perSecond;
        this.usedUntil = now - burst;
    }

    boolean tryTake(double now) {
        double after = Math.max(usedUntil, now - burst) + cost;
        if (after > now) {
            return false;
        }
        usedUntil = after;
        return true;
    }
}
