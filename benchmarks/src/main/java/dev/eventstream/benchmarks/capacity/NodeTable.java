package dev.eventstream.benchmarks.capacity;

import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a node with 4, 16 or 64 cores carries. */
final class NodeTable {
    private static final double MANY = 1e8;
    private static final double MOST_EVENTS = 1e7;
    private static final int BYTES = 200;
    private static final String HEAD =
            "| | 4 cores, 1 Gbit/s | 16 cores, 10 Gbit/s | 64 cores, 25 Gbit/s |\n|---|---|---|---|\n";

    private final Parameters known;

    /** A machine, with its network in gigabits per second. */
    private record Machine(double cores, double network) {}

    private static final List<Machine> MACHINES = List.of(new Machine(4, 1), new Machine(16, 10), new Machine(64, 25));

    /** A load that grows until a resource runs out. */
    @FunctionalInterface
    private interface Load {
        Workload of(Machine machine, double number);
    }

    NodeTable(Parameters known) {
        this.known = known;
    }

    String text() {
        return HEAD
                + row("silent streams", MANY, (machine, number) -> load(machine, number, 1, 0, 0))
                + row("streams of one channel, 1 event/s", MANY, (machine, number) -> load(machine, number, 1, 1, 1))
                + row("streams of one channel, 10 events/s", MANY, (machine, number) -> load(machine, number, 1, 10, 1))
                + row(
                        "streams of one channel, 100 events/s, written together",
                        MANY,
                        (machine, number) -> load(machine, number, 1, 100, 1))
                + row(
                        "streams with a channel each, an unstored event every 10 s",
                        MANY,
                        (machine, number) -> load(machine, number, number, number / 10, 0))
                + row(
                        "unstored events/s in 100 channels with 1 reader each",
                        MOST_EVENTS,
                        (machine, number) -> load(machine, 100, 100, number, 0))
                + row(
                        "stored events/s in 100 channels with 1 reader each",
                        MOST_EVENTS,
                        (machine, number) -> load(machine, 100, 100, number, 1))
                + row(
                        "unstored events/s in one channel with 1,000 readers",
                        MOST_EVENTS,
                        (machine, number) -> load(machine, 1_000, 1, number, 0));
    }

    /** What a node needs for the most streams of one channel with one event a second. */
    String details() {
        List<Estimate> full = MACHINES.stream().map(this::full).toList();
        return HEAD
                + details("streams = deliveries/s", full, estimate -> Numbers.number(estimate.figure("streams")))
                + details("sent per second", full, estimate -> Numbers.size(estimate.figure("bytes")))
                + details("cores in use", full, estimate -> Numbers.number(estimate.figure("cores")))
                + details(
                        "time until the last reader has an event",
                        full,
                        estimate -> Numbers.seconds(estimate.figure("lastReader")))
                + details("`-Xmx`", full, estimate -> Numbers.size(estimate.figure("heap")))
                + details("memory of the process", full, estimate -> Numbers.size(estimate.figure("process")))
                + details("memory of the kernel", full, estimate -> Numbers.size(estimate.figure("kernel")))
                + details("descriptors", full, estimate -> Numbers.number(estimate.figure("descriptors")));
    }

    private Estimate full(Machine machine) {
        DoubleFunction<Workload> load = streams -> load(machine, streams, 1, 1, 1);
        return Estimate.of(load.apply(Largest.that(load, MANY, known)), known);
    }

    private static String details(String title, List<Estimate> full, Function<Estimate, String> cell) {
        return "| " + title + " | " + full.stream().map(cell).collect(Collectors.joining(" | ")) + " |\n";
    }

    private static Workload load(Machine machine, double readers, double channels, double events, double stored) {
        return new Workload(
                readers, 1, channels, events, BYTES, stored, 1, machine.cores(), machine.network(), 0, false);
    }

    private String row(String title, double limit, Load load) {
        StringBuilder row = new StringBuilder("| ").append(title);
        for (Machine machine : MACHINES) {
            row.append(" | ").append(cell(number -> load.of(machine, number), limit));
        }
        return row.append(" |\n").toString();
    }

    private String cell(DoubleFunction<Workload> load, double limit) {
        double most = Largest.that(load, limit, known);
        if (most < 1) {
            return "none";
        }
        return Numbers.number(most) + " ("
                + shortName(Estimate.of(load.apply(most), known).limit()) + ")";
    }

    private static String shortName(Resource resource) {
        return switch (resource) {
            case CPU -> "CPU";
            case FAN_OUT -> "fan-out";
            case MEMORY -> "memory";
            case NETWORK -> "network";
            case DATABASE -> "database";
            case STREAMS -> "`limits.streams`";
        };
    }
}
