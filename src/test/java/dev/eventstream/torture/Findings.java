package dev.eventstream.torture;

import java.util.EnumMap;
import java.util.Map;

/** Counts the breaches. Prints the first few of each kind, and writes all of them to the trace. Thread-safe. */
final class Findings {
    private static final int SAID_ALOUD = 5;

    private final Trace trace;

    // guarded by this
    private final Map<Breach, Long> counts = new EnumMap<>(Breach.class);
    private final Map<Breach, Integer> said = new EnumMap<>(Breach.class);

    Findings(Trace trace) {
        this.trace = trace;
    }

    void add(Breach breach, String text) {
        add(breach, 1, text);
    }

    synchronized void add(Breach breach, long events, String text) {
        counts.merge(breach, events, Long::sum);
        trace.breach(breach.label() + ' ' + events + ' ' + text);
        if (said.merge(breach, 1, Integer::sum) <= SAID_ALOUD) {
            System.out.println(breach.label() + ": " + text);
        }
    }

    synchronized long count(Breach breach) {
        return counts.getOrDefault(breach, 0L);
    }

    synchronized boolean isEmpty() {
        return counts.isEmpty();
    }
}
