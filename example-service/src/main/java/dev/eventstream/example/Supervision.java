package dev.eventstream.example;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;

/**
 * How a node that {@code ./run} has started reaches {@code ./run}, which kills nodes and starts them again. Nothing in the service ends
 * it. Immutable.
 *
 * @param directory nodes leave requests here, and report their streams
 * @param node the number of this node, from 1
 * @param nodes how many nodes there are
 * @param proxied whether Pushpin holds the streams
 */
public record Supervision(
        @NotEmpty String directory,
        @Min(1) @Max(9) int node,
        @Min(1) @Max(9) int nodes,
        boolean proxied) {}
