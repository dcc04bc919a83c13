package dev.eventstream.benchmarks.capacity;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Typical applications, as in {@code docs/CAPACITY.md}. */
public enum Case {
    CHAT("Chat of a company", new Workload(5_000, 20, 2_000, 50, 300, 1, 2, 4, 1, 1, true)),
    PRICES("Prices of an exchange", new Workload(20_000, 10, 500, 2_000, 120, 0, 4, 16, 10, 1, true)),
    DASHBOARD("Dashboard of a public site", new Workload(200_000, 1, 1, 2, 1_000, 1, 9, 4, 1, 0, false)),
    JOBS("Progress of jobs", new Workload(50_000, 1, 50_000, 2_000, 200, 1, 3, 4, 1, 1, false));

    private final String title;
    private final Workload load;

    Case(String title, Workload load) {
        this.title = title;
        this.load = load;
    }

    public String title() {
        return title;
    }

    public Workload load() {
        return load;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a word.
     *
     * @throws IllegalArgumentException if there is no such case
     */
    static Case of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equals(word))
                .findAny()
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no case " + Options.quoted(word) + "; allowed are "
                                + Arrays.stream(values()).map(Case::word).collect(Collectors.joining(", "))));
    }
}
