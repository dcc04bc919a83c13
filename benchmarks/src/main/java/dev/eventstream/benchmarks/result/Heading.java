package dev.eventstream.benchmarks.result;

import java.util.List;

/**
 * The facts about a question that the results page shows. Immutable.
 *
 * @param references the subjects with which all others are compared
 * @param plotted how the names of the metrics end that the plot shows
 */
public record Heading(String name, String asks, List<Target> targets, List<String> references, List<String> plotted) {
    public Heading {
        targets = List.copyOf(targets);
        references = List.copyOf(references);
        plotted = List.copyOf(plotted);
    }
}
