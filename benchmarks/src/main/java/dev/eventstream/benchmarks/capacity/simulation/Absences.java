package dev.eventstream.benchmarks.capacity.simulation;

/** How long readers were away, counted per millisecond. */
final class Absences {
    private final int[] counts;
    private long number;
    private int longest;

    Absences(int millis) {
        this.counts = new int[millis];
    }

    void add(int millis) {
        counts[Math.min(millis, counts.length - 1)]++;
        number++;
        longest = Math.max(longest, millis);
    }

    long number() {
        return number;
    }

    int longest() {
        return longest;
    }

    /** The shortest time within which this share of the absences ended; 0 if there were none. */
    int percentile(double share) {
        long rank = (long) Math.ceil(share * number);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank && seen > 0) {
                return i;
            }
        }
        return 0;
    }
}
