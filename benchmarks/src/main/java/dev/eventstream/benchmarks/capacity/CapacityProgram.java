package dev.eventstream.benchmarks.capacity;

import dev.eventstream.benchmarks.capacity.simulation.Choice;
import dev.eventstream.benchmarks.capacity.simulation.ClientKind;
import dev.eventstream.benchmarks.capacity.simulation.Failure;
import dev.eventstream.benchmarks.capacity.simulation.Outcome;
import dev.eventstream.benchmarks.capacity.simulation.Scenario;
import dev.eventstream.benchmarks.capacity.simulation.Simulation;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The program {@code benchmarks/capacity}. Its script explains the arguments. */
public final class CapacityProgram {
    private static final Set<String> LOAD_OPTIONS = Set.of(
            "case",
            "readers",
            "channels-per-reader",
            "channels",
            "events",
            "bytes",
            "stored",
            "nodes",
            "cores",
            "network",
            "queries",
            "bus",
            "set");
    private static final Set<String> FAILURE_OPTIONS =
            Set.of("share", "outage", "notices", "balancer", "max-streams", "behind", "client", "seed");
    private static final int SEED = 20_261_130;

    private final Files files;
    private final PrintStream out;

    /**
     * The files that the program reads and writes.
     *
     * @param benchmarks the directory {@code benchmarks}
     */
    record Files(Path benchmarks) {
        Parameters parameters() throws IOException {
            return Parameters.read(benchmarks.resolve("capacity.properties"));
        }

        CapacityPage page() throws IOException {
            return CapacityPage.of(benchmarks.resolve("src/main/capacity"), parameters());
        }

        Path pageFile() {
            return benchmarks.resolve("../docs/capacity.html");
        }

        Path manual() {
            return benchmarks.resolve("../docs/CAPACITY.md");
        }
    }

    CapacityProgram(Path benchmarks, PrintStream out) {
        this.files = new Files(benchmarks);
        this.out = out;
    }

    /** Ends with status 1, and a message, if an argument or a file is wrong. */
    public static void main(String[] arguments) {
        Path benchmarks = Path.of(System.getProperty("benchmarks.directory", "."));
        try {
            new CapacityProgram(benchmarks, new PrintStream(System.out, true, StandardCharsets.UTF_8))
                    .run(List.of(arguments));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            System.err.println("benchmarks/capacity: " + e.getMessage() + "; see benchmarks/capacity --help");
            System.exit(1);
        } catch (IOException e) {
            System.err.println("benchmarks/capacity: cannot read or write " + e.getMessage());
            System.exit(1);
        }
    }

    void run(List<String> arguments) throws IOException {
        String command = arguments.isEmpty() ? "" : arguments.get(0);
        List<String> rest = arguments.subList(Math.min(1, arguments.size()), arguments.size());
        switch (command) {
            case "estimate" -> estimate(Options.of(rest, LOAD_OPTIONS));
            case "simulate" -> simulate(rest);
            case "validate" -> new Validation(files.parameters(), out).run();
            case "page" ->
                java.nio.file.Files.writeString(files.pageFile(), files.page().html());
            case "tables" -> CapacityTables.write(files.manual(), files.parameters());
            default -> throw new IllegalArgumentException("there is no command " + Options.quoted(command));
        }
    }

    private void estimate(Options options) throws IOException {
        Parameters known = known(options);
        Estimate estimate = Estimate.of(load(options), known);
        estimate.figures().forEach((name, value) -> out.printf("%-18s %,18.3f%n", name, value));
        estimate.used().forEach((resource, share) -> out.printf("%-18s %17.1f%%%n", resource.title(), share * 100));
        out.printf("limit: %s%s%n", estimate.limit().title(), estimate.fits() ? "" : "; this does not fit");
    }

    private void simulate(List<String> arguments) throws IOException {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("simulate needs a failure");
        }
        Failure failure = Failure.of(arguments.get(0));
        Set<String> allowed = new TreeSet<>(LOAD_OPTIONS);
        allowed.addAll(FAILURE_OPTIONS);
        Options options = Options.of(arguments.subList(1, arguments.size()), allowed);
        Scenario scenario = scenario(options, failure);
        long start = System.nanoTime();
        Outcome outcome = Simulation.run(scenario, known(options));
        print(outcome);
        out.printf("simulated in %.1f s, with a heap of %d MB at most%n", (System.nanoTime() - start) / 1e9, heap());
    }

    private static long heap() {
        return Runtime.getRuntime().totalMemory() >> 20;
    }

    private static Scenario scenario(Options options, Failure failure) {
        Scenario usual = Scenario.of(load(options), failure, (long) options.number("seed", SEED));
        boolean isNever = options.text("notices", "").equals("never");
        return new Scenario(
                usual.load(),
                failure,
                options.number("share", usual.share()),
                options.number("outage", usual.outage()),
                isNever ? Double.POSITIVE_INFINITY : options.number("notices", usual.notices()),
                choice(options.text("balancer", "in-turn")),
                (int) options.number("max-streams", usual.maxStreams()),
                options.number("behind", usual.behind()),
                client(options.text("client", "bundle")),
                usual.seed());
    }

    private static Workload load(Options options) {
        Workload usual = Case.of(options.text("case", "chat")).load();
        double readersChannels = options.number("channels-per-reader", usual.channelsPerReader());
        return new Workload(
                options.number("readers", usual.readers()),
                readersChannels,
                options.number("channels", Math.max(readersChannels, usual.channels())),
                options.number("events", usual.events()),
                options.number("bytes", usual.bytes()),
                options.number("stored", usual.storedShare()),
                options.number("nodes", usual.nodes()),
                options.number("cores", usual.cores()),
                options.number("network", usual.network()),
                options.number("queries", usual.queries()),
                isFast(options.text("bus", usual.isFast() ? "fast" : "database")));
    }

    private static boolean isFast(String bus) {
        return switch (bus) {
            case "fast" -> true;
            case "database" -> false;
            default ->
                throw new IllegalArgumentException("--bus " + Options.quoted(bus) + ": expected fast or database");
        };
    }

    private static Choice choice(String balancer) {
        return switch (balancer) {
            case "in-turn" -> Choice.IN_TURN;
            case "fewest" -> Choice.FEWEST;
            default ->
                throw new IllegalArgumentException(
                        "--balancer " + Options.quoted(balancer) + ": expected in-turn or fewest");
        };
    }

    private static ClientKind client(String client) {
        return switch (client) {
            case "bundle" -> ClientKind.BUNDLE;
            case "eventsource" -> ClientKind.EVENT_SOURCE;
            default ->
                throw new IllegalArgumentException(
                        "--client " + Options.quoted(client) + ": expected bundle or eventsource");
        };
    }

    // NAME=VALUE,NAME=VALUE
    private Parameters known(Options options) throws IOException {
        Parameters known = files.parameters();
        String changes = options.text("set", "");
        return changes.isEmpty() ? known : known.with(changes);
    }

    private void print(Outcome outcome) {
        out.printf(
                "away: %,d times; p50=%d p90=%d p99=%d max=%d ms%n",
                outcome.absences(), outcome.p50(), outcome.p90(), outcome.p99(), outcome.longest());
        out.printf(
                "all back after %.1f s%s%n",
                outcome.allBack() / 1e3, outcome.away() == 0 ? "" : ", except " + outcome.away() + " readers");
        out.printf(
                "%,d attempts, at most %,d in a second; %,d refused; at most %,d in the line of a node%n",
                outcome.attempts(), outcome.mostAttempts(), outcome.refused(), outcome.longestLine());
        out.printf(
                "busiest node: %.0f%% of its CPU, %,d streams; emptiest node at the end: %,d streams%n",
                outcome.cpu() * 100, outcome.mostStreams(), outcome.fewestStreams());
        out.printf(
                "database: at most %,.0f statements/s; %,.0f in all because of the failure%n",
                outcome.statements(), outcome.extraStatements());
    }
}
