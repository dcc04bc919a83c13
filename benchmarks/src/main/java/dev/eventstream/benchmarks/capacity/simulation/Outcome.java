package dev.eventstream.benchmarks.capacity.simulation;

import java.util.Arrays;

/**
 * What happened to readers, nodes and the database.
 *
 * <p>Immutable.
 *
 * @param absences how often a reader was away
 * @param p50 milliseconds from the loss of a stream until its reader has everything again
 * @param p90 the same
 * @param p99 the same
 * @param longest the same
 * @param longestPause milliseconds from the end of a stream, however short, until its reader tries again
 * @param p50Pause the same
 * @param p99Pause the same
 * @param pauses the number of these pauses
 * @param allBack milliseconds from the beginning of the failure until the last reader is live
 * @param away readers that were not back when the simulation gave up
 * @param refused requests that a limit refused, or that waited too long in the line of their node
 * @param attempts attempts to connect, failed ones included
 * @param mostAttempts attempts in a second, at most
 * @param longestLine requests that waited in the line of one node, at most
 * @param cpu share of the cores of the busiest node in its busiest second
 * @param statements statements per second of the database in its busiest second, normal operation included
 * @param extraStatements statements in all, in addition to normal operation
 * @param fewestStreams streams of the emptiest node at the end
 * @param mostStreams streams of the fullest node at any time
 */
public record Outcome(
        long absences,
        int p50,
        int p90,
        int p99,
        int longest,
        int longestPause,
        int p50Pause,
        int p99Pause,
        long pauses,
        int allBack,
        int away,
        long refused,
        long attempts,
        int mostAttempts,
        int longestLine,
        double cpu,
        double statements,
        double extraStatements,
        int fewestStreams,
        int mostStreams) {

    static Outcome of(World world, Node[] nodes, int mostAttempts) {
        Absences absences = world.absences;
        return new Outcome(
                absences.number(),
                absences.percentile(0.5),
                absences.percentile(0.9),
                absences.percentile(0.99),
                absences.longest(),
                world.pauses.longest(),
                world.pauses.percentile(0.5),
                world.pauses.percentile(0.99),
                world.pauses.number(),
                world.lastBack - Events.START,
                world.readers.away(),
                world.refused,
                world.attempts,
                mostAttempts,
                Arrays.stream(nodes).mapToInt(Node::longestLine).max().orElse(0),
                Arrays.stream(nodes)
                        .mapToDouble(node -> node.cpu().peak())
                        .max()
                        .orElse(0),
                world.costs.statements() + world.database.peak(),
                world.database.all(),
                Arrays.stream(nodes).mapToInt(Node::streams).min().orElse(0),
                Arrays.stream(nodes).mapToInt(Node::mostStreams).max().orElse(0));
    }
}
