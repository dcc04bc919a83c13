package dev.eventstream.benchmarks.capacity.simulation;

import dev.eventstream.benchmarks.capacity.Parameter;
import dev.eventstream.benchmarks.capacity.Parameters;

/** The database that all nodes share. It takes a number of statements in a round, besides those of normal operation. */
final class Database {
    private static final double LEAST_SHARE = 0.1;

    private final double perRound;
    private double left;
    private double inSecond;
    private double peak;
    private double all;

    private Database(double perSecond) {
        this.perRound = perSecond * Node.ROUND / 1e3;
        this.left = perRound;
    }

    /**
     * @param normal statements per second of normal operation
     */
    static Database besides(double normal, Parameters known) {
        double all = known.value(Parameter.DB_STATEMENTS);
        return new Database(Math.max(all * LEAST_SHARE, all - normal));
    }

    /** A round begins. What the last one left is lost; what it took too much is missing. */
    void beginRound() {
        left = Math.min(perRound, left + perRound);
    }

    boolean isBusy() {
        return left <= 0;
    }

    void take(double statements) {
        left -= statements;
        inSecond += statements;
        all += statements;
    }

    void endSecond() {
        peak = Math.max(peak, inSecond);
        inSecond = 0;
    }

    /** The most statements in a second, besides those of normal operation. */
    double peak() {
        return Math.max(peak, inSecond);
    }

    /** All statements besides those of normal operation. */
    double all() {
        return all;
    }
}
