package dev.eventstream.benchmarks.capacity.simulation;

import dev.eventstream.benchmarks.capacity.Parameter;
import dev.eventstream.benchmarks.capacity.Parameters;

/**
 * The drain of a node: when its streams end, and when it asks their clients to come back. The rules are those of
 * {@code dev.eventstream.hold.Drain} (decision 45), in milliseconds.
 *
 * @param start when it begins
 * @param gap between two ends
 * @param lastEnd when the last stream ends
 * @param stop when the node closes its port
 */
record Drain(int start, double gap, int lastEnd, int stop) {
    /** The node does not drain. */
    static final Drain NONE = new Drain(0, 0, 0, 0);

    private static final int LAST_CALL = 750;
    private static final int REFUSING = 1_250;
    private static final int SOON_MIN = 100;
    private static final int SOON_MAX = 1_000;
    private static final int SOONER_MAX = 500;
    private static final int ONCE_STOPPED = 400;

    boolean isRunning() {
        return stop > 0;
    }

    static Drain of(int start, int streams, Parameters known) {
        double longest = known.value(Parameter.DRAIN_TIME) * 1e3;
        double time = longest / 2 < LAST_CALL ? longest / 2 : longest - LAST_CALL;
        double gap = Math.min(time / Math.max(1, streams), known.value(Parameter.DRAIN_GAP));
        int lastEnd = start + (int) Math.ceil(gap * streams);
        return new Drain(start, gap, lastEnd, lastEnd + LAST_CALL);
    }

    /** When the stream with this number ends. */
    int end(int number) {
        return start + 1 + (int) (gap * number);
    }

    /** After how many milliseconds a client whose stream ends now comes back. */
    int comeBack(int now, Client client) {
        if (now < lastEnd) {
            return client.between(SOON_MIN, lastEnd - now > SOON_MAX ? SOON_MAX : SOONER_MAX);
        }
        return Math.max(0, stop - now) + REFUSING + client.between(0, ONCE_STOPPED);
    }
}
