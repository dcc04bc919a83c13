package dev.eventstream.benchmarks.capacity.simulation;

import dev.eventstream.benchmarks.capacity.Parameter;
import dev.eventstream.benchmarks.capacity.Parameters;

/** The database that all nodes share. In a round, it accepts a number of statements in addition to those of normal operation. */
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

    /** A round begins. Capacity that the last round left unused is lost, and any excess is deducted. */
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

    /** The most statements in a second, in addition to those of normal operation. */
    double peak() {
        return Math.max(peak, inSecond);
    }

    /** All statements in addition to those of normal operation. */
    double all() {
        return all;
    }
}
