package dev.eventstream.benchmarks.capacity.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What happens to the nodes, in order of time. */
final class Script {
    private final TreeMap<Integer, List<Runnable>> actions = new TreeMap<>();

    void at(double time, Runnable action) {
        if (time < Integer.MAX_VALUE) {
            actions.computeIfAbsent((int) Math.ceil(time), key -> new ArrayList<>())
                    .add(action);
        }
    }

    void run(int now) {
        while (!actions.isEmpty() && actions.firstKey() <= now) {
            actions.pollFirstEntry().getValue().forEach(Runnable::run);
        }
    }

    boolean isEmpty() {
        return actions.isEmpty();
    }
}
