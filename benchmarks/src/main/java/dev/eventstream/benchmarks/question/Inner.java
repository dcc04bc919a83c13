package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.inner.PositionBenchmark;
import dev.eventstream.benchmarks.inner.SendBenchmark;
import dev.eventstream.benchmarks.inner.TextBenchmark;
import dev.eventstream.subscriber.FrameBenchmark;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Time and allocation of the inner parts, by JMH. A round is a new JVM. */
public final class Inner implements Question {
    private static final List<Class<?>> BENCHMARKS =
            List.of(TextBenchmark.class, PositionBenchmark.class, FrameBenchmark.class, SendBenchmark.class);

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Override
    public String name() {
        return "inner";
    }

    @Override
    public String asks() {
        return "How long do the inner parts take, and how much do they allocate?";
    }

    @Override
    public List<String> references() {
        return List.of();
    }

    @Override
    public void run(Run run) throws RunnerException {
        for (int round = 1; round <= run.rounds(); round++) {
            for (RunResult result : new Runner(options(run)).run()) {
                String part = title(result.getParams());
                run.record(part, "time", "ns", round, result.getPrimaryResult().getScore());
                Optional<Double> allocated = allocated(result);
                if (allocated.isPresent()) {
                    run.record(part, "allocated", "bytes", round, allocated.get());
                }
            }
        }
    }

    private static org.openjdk.jmh.runner.options.Options options(Run run) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .verbosity(VerboseMode.SILENT)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .warmupTime(TimeValue.seconds(1))
                .measurementTime(TimeValue.seconds(1));
        BENCHMARKS.forEach(type -> options.include(Pattern.quote(type.getName() + '.')));
        return run.isSmoke()
                ? options.forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(10))
                        .build()
                : options.forks(1)
                        // H2 keeps what the benchmark sends
                        .jvmArgs("-Xms3g", "-Xmx3g", "-XX:+UseSerialGC")
                        .warmupIterations(5)
                        .measurementIterations(5)
                        .build();
    }

    /** Such as {@code Position.parse, channels=20}. */
    private static String title(BenchmarkParams parameters) {
        String name = parameters.getBenchmark();
        String method = name.substring(name.lastIndexOf('.') + 1);
        String type = name.substring(0, name.lastIndexOf('.'));
        String parts = parameters.getParamsKeys().stream()
                .map(key -> ", " + key + '=' + parameters.getParam(key))
                .collect(Collectors.joining());
        return type.substring(type.lastIndexOf('.') + 1).replace("Benchmark", "") + '.' + method + parts;
    }

    @SuppressWarnings("rawtypes") // those of JMH
    private static Optional<Double> allocated(RunResult result) {
        return result.getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(ALLOCATED))
                .map(entry -> entry.getValue().getScore())
                .filter(Double::isFinite)
                .findFirst();
    }
}
