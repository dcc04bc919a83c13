package dev.eventstream.benchmarks.result;

/**
 * One value as it is written: what was measured, where and how. Immutable.
 *
 * @param date when its run began
 * @param version of the subject; empty for the product, which the commit identifies
 */
public record ResultLine(
        String commit,
        String machine,
        String date,
        String command,
        String question,
        String subject,
        String version,
        String metric,
        String unit,
        int round,
        double value) {}
