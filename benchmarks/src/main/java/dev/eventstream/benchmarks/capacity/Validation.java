package dev.eventstream.benchmarks.capacity;

import dev.eventstream.benchmarks.capacity.simulation.Choice;
import dev.eventstream.benchmarks.capacity.simulation.ClientKind;
import dev.eventstream.benchmarks.capacity.simulation.Failure;
import dev.eventstream.benchmarks.capacity.simulation.Outcome;
import dev.eventstream.benchmarks.capacity.simulation.Scenario;
import dev.eventstream.benchmarks.capacity.simulation.Simulation;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Compares the simulation with what was measured on two cores. Some of these measurements were also used to set
 * parameters. The table marks them, because agreement there proves little.
 */
final class Validation {
    private static final int SEED = 1;

    private final Parameters known;
    private final PrintStream out;

    /**
     * One comparison.
     *
     * @param measured and {@code simulated} in milliseconds
     * @param isIndependent whether no parameter was derived from it
     */
    record Row(String what, double measured, double simulated, boolean isIndependent) {
        double deviation() {
            return simulated / measured - 1;
        }
    }

    Validation(Parameters known, PrintStream out) {
        this.known = known;
        this.out = out;
    }

    void run() {
        out.printf("%-72s %9s %9s %9s%n", "", "measured", "simulated", "deviation");
        for (Row row : rows()) {
            out.printf(
                    "%-72s %6.1f ms %6.1f ms %8.0f%%%s%n",
                    row.what(),
                    row.measured(),
                    row.simulated(),
                    row.deviation() * 100,
                    row.isIndependent() ? "" : "  (used to set a parameter)");
        }
    }

    /** The comparison as a table of Markdown. */
    String table() {
        return "| | measured | simulated | deviation | used to set a parameter |\n|---|---|---|---|---|\n"
                + rows().stream().map(Validation::row).collect(Collectors.joining());
    }

    private static String row(Row row) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %+.0f %% | %s |%n",
                row.what(),
                Numbers.measured(row.measured()),
                Numbers.measured(row.simulated()),
                row.deviation() * 100,
                row.isIndependent() ? "no" : "yes");
    }

    List<Row> rows() {
        Outcome storm = run(
                known.with("retry.min=0.5,retry.max=0.5,admission.rate=1000000"), load(5_000, 10, 100), Failure.CUT, 0);
        Outcome hundred = run(atOnce(), load(100, 0, 150), Failure.CUT, 10_000);
        Outcome thousand = run(atOnce(), load(1_000, 0, 150), Failure.CUT, 10_000);
        Outcome large = run(atOnce(), load(5_000, 0, 1_024), Failure.CUT, 900);
        Outcome rolling = rolling();
        double lastOfThousand = Estimate.of(load(1_000, 20, 150), known).figure("lastReader");
        return List.of(
                new Row("latency of 20 events/s to 1,000 readers: p50", 7.2, lastOfThousand / 2, true),
                new Row("latency of 20 events/s to 1,000 readers: p99", 15, lastOfThousand, true),
                new Row("./bench storm, 5,000 readers: longest absence", 2_085, storm.longest(), false),
                new Row("./bench storm, 5,000 readers: all are back", 2_200, storm.allBack(), false),
                new Row("100 readers, 10,000 missed events each", 330, hundred.longest(), true),
                new Row("1,000 readers, 10,000 missed events each", 1_700, thousand.longest(), false),
                new Row("5,000 readers, 900 missed events of 1 KB each", 8_000, large.longest(), false),
                new Row("./bench rolling, 500 readers, 3 nodes: pause, p50", 417, rolling.p50Pause(), true),
                new Row("./bench rolling: pause, p99", 2_351, rolling.p99Pause(), true),
                new Row("./bench rolling: longest pause", 2_619, rolling.longestPause(), true),
                new Row("./bench rolling: number of pauses (not ms)", 1_150, rolling.pauses(), true));
    }

    private Parameters atOnce() {
        return known.with("retry.min=0,retry.max=0,admission.rate=1000000");
    }

    private static Workload load(double readers, double events, double bytes) {
        return new Workload(readers, 1, 1, events, bytes, 1, 1, 2, 100, 0, false);
    }

    private static Outcome run(Parameters known, Workload load, Failure failure, double behind) {
        return Simulation.run(
                new Scenario(load, failure, 1, 0, 2, Choice.IN_TURN, 1_000_000, behind, ClientKind.EVENT_SOURCE, SEED),
                known);
    }

    // nginx does not check readiness, so it never notices a drain
    private Outcome rolling() {
        Workload load = new Workload(500, 1, 1, 100, 100, 1, 3, 2, 100, 0, false);
        return Simulation.run(
                new Scenario(
                        load,
                        Failure.ROLLING,
                        1,
                        0,
                        Double.POSITIVE_INFINITY,
                        Choice.IN_TURN,
                        10_000,
                        0,
                        ClientKind.EVENT_SOURCE,
                        SEED),
                known);
    }
}
