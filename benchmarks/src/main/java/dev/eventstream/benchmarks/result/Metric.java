package dev.eventstream.benchmarks.result;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * One metric in one run.
 *
 * @param spreads what each subject achieved, in the order in which they were first measured
 */
record Metric(String name, String unit, Map<String, Spread> spreads) {
    /** Several values of the same thing. */
    record Spread(double median, double least, double most, int rounds) {
        static Spread of(List<Double> values) {
            List<Double> sorted = values.stream().sorted().toList();
            return new Spread(Figures.median(sorted), sorted.get(0), sorted.get(sorted.size() - 1), sorted.size());
        }
    }

    /** The metrics of the lines, in the order in which they were first measured. */
    static List<Metric> of(List<ResultLine> lines) {
        Map<String, String> units = new LinkedHashMap<>();
        Map<String, Map<String, List<Double>>> values = new LinkedHashMap<>();
        for (ResultLine line : lines) {
            units.putIfAbsent(line.metric(), line.unit());
            values.computeIfAbsent(line.metric(), any -> new LinkedHashMap<>())
                    .computeIfAbsent(line.subject(), any -> new ArrayList<>())
                    .add(line.value());
        }
        List<Metric> metrics = new ArrayList<>();
        values.forEach((name, bySubject) -> {
            Map<String, Spread> spreads = new LinkedHashMap<>();
            bySubject.forEach((subject, all) -> spreads.put(subject, Spread.of(all)));
            metrics.add(new Metric(name, units.getOrDefault(name, ""), spreads));
        });
        return metrics;
    }

    double most() {
        return spreads.values().stream()
                .flatMapToDouble(spread -> DoubleStream.of(spread.most()))
                .max()
                .orElse(0);
    }
}
