package dev.eventstream.benchmarks.capacity;

import java.util.function.DoubleFunction;

/** Finds the largest load that fits. */
public final class Largest {
    private static final int STEPS = 60;

    private Largest() {}

    /**
     * The largest number, at least 1 and at most {@code limit}, for which the workload fits; 0 if not even 1 does. The load must grow with
     * the number.
     */
    public static double that(DoubleFunction<Workload> load, double limit, Parameters known) {
        double low = 0;
        double high = limit;
        if (fits(load, limit, known)) {
            return limit;
        }
        for (int i = 0; i < STEPS && high - low > Math.max(1, high / 1e4); i++) {
            double middle = (low + high) / 2;
            if (middle >= 1 && fits(load, middle, known)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.floor(low);
    }

    private static boolean fits(DoubleFunction<Workload> load, double number, Parameters known) {
        return Estimate.of(load.apply(number), known).fits();
    }
}
