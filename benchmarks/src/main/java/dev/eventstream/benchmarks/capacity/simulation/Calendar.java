package dev.eventstream.benchmarks.capacity.simulation;

import java.util.Arrays;

/** The next step of each waiting reader, in one list per millisecond. */
final class Calendar {
    private final int[] next;
    private final int[] first;
    private final int[] last;

    /**
     * @param millis how long it lasts; later steps are dropped
     */
    Calendar(Readers readers, int millis) {
        this.next = readers.next;
        this.first = new int[millis];
        this.last = new int[millis];
        Arrays.fill(first, Readers.NONE);
        Arrays.fill(last, Readers.NONE);
    }

    void add(int reader, int time) {
        if (time >= first.length) {
            return; // the outcome counts it as away
        }
        next[reader] = Readers.NONE;
        if (last[time] == Readers.NONE) {
            first[time] = reader;
        } else {
            next[last[time]] = reader;
        }
        last[time] = reader;
    }

    int first(int time) {
        return first[time];
    }

    int length() {
        return first.length;
    }
}
