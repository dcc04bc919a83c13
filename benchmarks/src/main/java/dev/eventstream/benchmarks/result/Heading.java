package dev.eventstream.benchmarks.result;

import java.util.List;

/**
 * What the page of results needs to know about a question. Immutable.
 *
 * @param references the subjects with which all others are compared
 */
public record Heading(String name, String asks, List<Target> targets, List<String> references) {
    public Heading {
        targets = List.copyOf(targets);
        references = List.copyOf(references);
    }
}
