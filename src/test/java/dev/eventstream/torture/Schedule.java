package dev.eventstream.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What happens when, made from the seed alone: every kind of fault once in each round, in an order of its own.
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
     * @param atMillis since the trouble began
     * @param target which of the nodes, doors or proxies, from 0; to be taken modulo how many there are
     * @param millis how long it lasts, for those that last
     * @param choice chooses among what else there is to choose
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
