package dev.eventstream.benchmarks.capacity.simulation;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What happens to the nodes or to the network. */
public enum Failure {
    /** One node is stopped in good order, and starts again. */
    RESTART,
    /** All nodes restart in good order, one after another. */
    ROLLING,
    /** One node is killed, and starts again. */
    KILL,
    /** All nodes are killed at once, and start again. */
    OUTAGE,
    /** Some readers lose the network at the same moment, for a time. */
    CUT;

    /** Its name on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a word.
     *
     * @throws IllegalArgumentException if there is no such failure
     */
    public static Failure of(String word) {
        return Arrays.stream(values())
                .filter(failure -> failure.word().equals(word))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("there is no failure '" + word + "'; allowed are "
                        + Arrays.stream(values()).map(Failure::word).collect(Collectors.joining(", "))));
    }
}
