package dev.eventstream.bench;

import static dev.eventstream.bench.Programs.print;
import static dev.eventstream.bench.Programs.start;

import dev.eventstream.bench.Figures.Figure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Runs a measuring program against the service of another checkout and of this one, alternately or at the same time, and
 * compares the medians. The program and its load always come from this checkout; only the service differs.
 */
public final class Compare {
    private final Path other;
    private final int rounds;
    private final boolean isAtOnce;
    private final List<String> program;
    // guarded by this, because both services may run at the same time
    private final Map<String, List<Figure>> before = new LinkedHashMap<>();
    private final Map<String, List<Figure>> after = new LinkedHashMap<>();

    private Compare(Path other, int rounds, boolean isAtOnce, List<String> program) {
        this.other = other;
        this.rounds = rounds;
        this.isAtOnce = isAtOnce;
        this.program = program;
    }

    /**
     * Arguments: the other checkout, its class path, the number of rounds, whether both run at the same time, the program's
     * class, the program's arguments.
     */
    public static void main(String[] arguments) throws Exception {
        List<String> all = Arrays.asList(arguments);
        System.setProperty("service.classpath", all.get(1));
        new Compare(
                        Path.of(all.get(0)),
                        Integer.parseInt(all.get(2)),
                        Boolean.parseBoolean(all.get(3)),
                        all.subList(4, all.size()))
                .run();
    }

    private void run() throws Exception {
        for (int round = 1; round <= rounds; round++) {
            if (isAtOnce) {
                measureBoth(round);
            } else {
                // the two services take turns in running first
                boolean isOtherFirst = round % 2 == 1;
                measure(round, isOtherFirst);
                measure(round, !isOtherFirst);
            }
        }
        print("%-44s %14s %14s %8s", "median of " + rounds, "other", "this", "ratio");
        before.forEach((name, figures) -> {
            List<Figure> mine = after.getOrDefault(name, List.of());
            Figure first = figures.get(0);
            print(
                    "%-44s %14.2f %14.2f %8.2f",
                    name + (first.unit().isEmpty() ? "" : " (" + first.unit() + ')'),
                    median(values(figures)),
                    median(values(mine)),
                    median(ratios(figures, mine)));
        });
        print("The ratio is the median of the rounds' ratios. Above 1, this checkout is better.");
    }

    private void measureBoth(int round) throws Exception {
        FutureTask<Void> ofOther = new FutureTask<>(() -> {
            measure(round, true);
            return null;
        });
        start(ofOther, "other");
        measure(round, false);
        ofOther.get();
    }

    private void measure(int round, boolean ofOther) throws IOException, InterruptedException {
        String service = ofOther ? "service of " + other : "service of this checkout";
        print("round %d of %d, %s", round, rounds, service);
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx1g"));
        if (ofOther) {
            command.add("-Dservice.sources=" + other);
            command.add("-Dservice.classpath=" + System.getProperty("service.classpath"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(program);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                print("  %s%s", isAtOnce ? service + ": " : "", line);
                Figures.parse(line).ifPresent(figure -> note(ofOther, figure));
            }
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the program ended with status " + process.exitValue());
        }
    }

    private synchronized void note(boolean ofOther, Figure figure) {
        (ofOther ? before : after)
                .computeIfAbsent(figure.name(), name -> new ArrayList<>())
                .add(figure);
    }

    private static DoubleStream values(List<Figure> figures) {
        return figures.stream().mapToDouble(Figure::value);
    }

    // a machine may change its speed between two rounds, but rarely within one
    private static DoubleStream ratios(List<Figure> other, List<Figure> mine) {
        return IntStream.range(0, Math.min(other.size(), mine.size())).mapToDouble(round -> {
            double ratio = mine.get(round).value() / other.get(round).value();
            return mine.get(round).isHigherBetter() ? ratio : 1 / ratio;
        });
    }

    private static double median(DoubleStream unsorted) {
        double[] values = unsorted.sorted().toArray();
        int middle = values.length / 2;
        if (values.length == 0) {
            return Double.NaN;
        }
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
