package dev.eventstream.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The faults and their times, derived only from the seed. Each round has every kind of fault once, in random order.
 *
 * <p>Immutable.
 */
record Schedule(List<Step> steps) {
    private static final int FIRST_MILLIS = 2_000;

    Schedule {
        steps = List.copyOf(steps);
    }

    /**
     * One fault.
     *
     * @param atMillis since the first fault
     * @param target the number of the node, door or proxy, from 0; take it modulo their count
     * @param millis how long it lasts, if it lasts
     * @param choice a random number for further choices
     */
    record Step(long atMillis, FaultKind kind, int target, long millis, int choice) {}

    static Schedule of(long seed, Duration time, List<FaultKind> kinds) {
        Random random = new Random(seed);
        List<Step> steps = new ArrayList<>();
        List<FaultKind> round = new ArrayList<>();
        for (long at = FIRST_MILLIS; at < time.toMillis(); at += 1_500 + random.nextInt(2_500)) {
            if (round.isEmpty()) {
                round.addAll(kinds);
                Collections.shuffle(round, random);
            }
            FaultKind kind = round.remove(round.size() - 1);
            steps.add(new Step(at, kind, random.nextInt(64), 1_000 + random.nextInt(4_000), random.nextInt(1_000)));
        }
        return new Schedule(steps);
    }
}
