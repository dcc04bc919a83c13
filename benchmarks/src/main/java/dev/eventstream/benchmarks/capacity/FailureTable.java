package dev.eventstream.benchmarks.capacity;

import dev.eventstream.benchmarks.capacity.simulation.Choice;
import dev.eventstream.benchmarks.capacity.simulation.Failure;
import dev.eventstream.benchmarks.capacity.simulation.Outcome;
import dev.eventstream.benchmarks.capacity.simulation.Scenario;
import dev.eventstream.benchmarks.capacity.simulation.Simulation;

/** How long readers are away in simulated failures. */
final class FailureTable {
    private static final int SEED = 1;
    private static final String HEAD = """
            | | away p50 | p99 | longest | most tries/s | refused | CPU of the busiest node | most statements/s |
            |---|---|---|---|---|---|---|---|
            """;

    private final Parameters known;

    FailureTable(Parameters known) {
        this.known = known;
    }

    /** The dashboard with 200,000 readers. */
    String text() {
        Workload load = Case.DASHBOARD.load();
        Parameters admitting = known.with("admission.rate=5000");
        Parameters patient = admitting.with("rolling.pause=60");
        return HEAD
                + row("a node stops in good order", run(load, Failure.RESTART, known))
                + row("a node is killed", run(load, Failure.KILL, known))
                + row("all nodes restart, one after another", run(load, Failure.ROLLING, known))
                + row("– `limits.streams: 100000`", run(roomy(load), known))
                + row("– the balancer picks the node with the fewest streams", run(fewest(load), known))
                + row("– and `newStreamsPerSecond: 5000`", run(fewest(load), admitting))
                + row("– and a minute passes before the next node stops", run(fewest(load), patient))
                + row("a failed switch cuts off half of the readers for 10 s", run(load, Failure.CUT, known))
                + row("all nodes are killed", run(load, Failure.OUTAGE, known));
    }

    /** Ten million readers. */
    String large() {
        Workload load = Case.DASHBOARD.load().withReaders(Scenario.MAX_READERS).onNodes(100, 16, 10);
        Parameters raised = known.with("fan-out.threads=0");
        Parameters admitting = raised.with("admission.rate=5000");
        return HEAD
                + row("a node is killed", run(load, Failure.KILL, raised))
                + row("half of the readers are cut off for 10 s", run(load, Failure.CUT, raised))
                + row("the same, `newStreamsPerSecond: 5000`", run(load, Failure.CUT, admitting))
                + row("all nodes are killed", run(load, Failure.OUTAGE, raised))
                + row("the same, `newStreamsPerSecond: 5000`", run(load, Failure.OUTAGE, admitting));
    }

    private static Scenario roomy(Workload load) {
        return Scenario.of(load, Failure.ROLLING, SEED).withMaxStreams(100_000);
    }

    private static Scenario fewest(Workload load) {
        return Scenario.of(load, Failure.ROLLING, SEED).with(Choice.FEWEST);
    }

    private static Outcome run(Scenario scenario, Parameters known) {
        return Simulation.run(scenario, known);
    }

    private static Outcome run(Workload load, Failure failure, Parameters known) {
        return Simulation.run(Scenario.of(load, failure, SEED), known);
    }

    private static String row(String title, Outcome outcome) {
        String longest = outcome.away() == 0 ? Numbers.seconds(outcome.longest()) : "not all came back";
        return "| " + title + " | " + Numbers.seconds(outcome.p50()) + " | " + Numbers.seconds(outcome.p99()) + " | "
                + longest
                + " | " + Numbers.number(outcome.mostAttempts()) + " | " + Numbers.number((double) outcome.refused())
                + " | "
                + Numbers.percent(outcome.cpu()) + " | " + Numbers.number(outcome.statements()) + " |\n";
    }
}
