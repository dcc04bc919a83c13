package dev.eventstream.benchmarks.capacity;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A typical application, as in {@code docs/CAPACITY.md}.
 *
 * <p>Immutable.
 *
 * @param word its name on the command line
 * @param title its name in texts
 */
public record Case(String word, String title, Workload load) {
    /** The dashboard of a public site: many streams of one channel. */
    public static final Case DASHBOARD = new Case(
            "dashboard", "Dashboard of a public site", new Workload(200_000, 1, 1, 2, 1_000, 1, 9, 4, 1, 0, false));

    /** All cases. */
    public static final List<Case> ALL = List.of(
            new Case("chat", "Chat of a company", new Workload(5_000, 20, 2_000, 50, 300, 1, 2, 4, 1, 1, true)),
            new Case(
                    "prices",
                    "Prices of an exchange",
                    new Workload(20_000, 10, 500, 2_000, 120, 0, 4, 16, 10, 1, true)),
            DASHBOARD,
            new Case("jobs", "Progress of jobs", new Workload(50_000, 1, 50_000, 2_000, 200, 1, 3, 4, 1, 1, false)));

    /**
     * Finds a case.
     *
     * @throws IllegalArgumentException if there is no such case
     */
    static Case of(String word) {
        return ALL.stream()
                .filter(each -> each.word().equals(word))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("there is no case " + Options.quoted(word)
                        + "; allowed are " + ALL.stream().map(Case::word).collect(Collectors.joining(", "))));
    }
}
