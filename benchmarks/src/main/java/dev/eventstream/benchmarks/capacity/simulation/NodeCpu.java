package dev.eventstream.benchmarks.capacity.simulation;

/** The CPU that a node uses, second by second. */
final class NodeCpu {
    private final double cores;
    private double inSecond;
    private double peak;

    NodeCpu(double cores) {
        this.cores = cores;
    }

    /** Microseconds for requests and catch-up. */
    void spend(double micros) {
        inSecond += micros;
    }

    /**
     * @param fanOut microseconds of this second for the events of live streams
     */
    void endSecond(double fanOut) {
        peak = Math.max(peak, Math.min(1, (inSecond + fanOut) / 1e6 / cores));
        inSecond = 0;
    }

    /** The largest share of all cores in a second. */
    double peak() {
        return peak;
    }
}
