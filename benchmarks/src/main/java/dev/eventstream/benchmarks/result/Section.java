package dev.eventstream.benchmarks.result;

import dev.eventstream.benchmarks.result.Metric.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The part of the page about one question. */
final class Section {
    private final Heading heading;
    private final List<ResultLine> lines;
    private final List<Metric> metrics;

    /** @param lines the lines of one run */
    Section(Heading heading, List<ResultLine> lines) {
        this.heading = heading;
        this.lines = lines;
        this.metrics = Metric.of(lines);
    }

    Heading heading() {
        return heading;
    }

    /** The metrics that the plot shows. */
    List<Metric> plotted() {
        return metrics.stream()
                .filter(metric ->
                        heading.plotted().stream().anyMatch(end -> metric.name().endsWith(end)))
                .toList();
    }

    /** Title, question, and where the figures come from. */
    String head() {
        String title = "## " + heading.name() + "\n\n" + heading.asks() + "\n\n";
        if (lines.isEmpty()) {
            return title + "Not measured yet.\n\n";
        }
        ResultLine any = lines.get(0);
        int rounds = lines.stream().mapToInt(ResultLine::round).max().orElse(0);
        return title
                + "Commit `" + any.commit() + "`, " + any.date() + ", `" + any.command() + "`, rounds: " + rounds + ". "
                + any.machine() + "." + versions() + "\n\n";
    }

    private String versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        lines.stream()
                .filter(line -> !line.version().isEmpty())
                .forEach(line -> versions.put(line.subject(), line.version()));
        return versions.entrySet().stream()
                .map(entry -> ' ' + entry.getKey() + ": " + entry.getValue() + '.')
                .collect(Collectors.joining());
    }

    /** A table per metric. */
    String tables() {
        StringBuilder text = new StringBuilder();
        for (Metric metric : metrics) {
            List<String> references = heading.references().stream()
                    .filter(metric.spreads()::containsKey)
                    .toList();
            text.append("| ")
                    .append(metric.name())
                    .append(", ")
                    .append(metric.unit())
                    .append(" | median | least – most |");
            references.forEach(reference -> text.append(" × ").append(reference).append(" |"));
            text.append("\n|---|---:|---:|")
                    .append("---:|".repeat(references.size()))
                    .append('\n');
            metric.spreads().forEach((subject, spread) -> text.append(row(metric, subject, spread, references)));
            text.append('\n');
        }
        return text.toString();
    }

    private static String row(Metric metric, String subject, Spread spread, List<String> references) {
        StringBuilder row = new StringBuilder("| " + subject + " | " + Figures.text(spread.median()) + " | "
                + Figures.text(spread.least()) + " – " + Figures.text(spread.most()) + " |");
        for (String reference : references) {
            Spread other = metric.spreads().getOrDefault(reference, spread);
            boolean isComparable = !reference.equals(subject) && other.median() > 0;
            row.append(isComparable ? ' ' + Figures.text(spread.median() / other.median()) + " |" : " |");
        }
        return row.append('\n').toString();
    }

    /** A row for each target. */
    List<String> verdicts() {
        List<String> rows = new ArrayList<>();
        for (Target target : heading.targets()) {
            Optional<Metric> metric = metrics.stream()
                    .filter(candidate -> candidate.name().equals(target.metric()))
                    .findFirst();
            String unit = metric.map(Metric::unit).orElse("");
            rows.add("| " + heading.name() + ": " + target.subject() + ", " + target.metric() + " | "
                    + target.text(unit) + " | "
                    + metric.flatMap(found -> verdict(target, found)).orElse("not measured | ") + " |\n");
        }
        return rows;
    }

    private static Optional<String> verdict(Target target, Metric metric) {
        Spread spread = metric.spreads().get(target.subject());
        Spread other = metric.spreads().get(target.reference());
        if (spread == null || (other == null && !target.reference().isEmpty())) {
            return Optional.empty();
        }
        double compared = other == null ? 1 : other.median();
        String measured = other == null
                ? Figures.text(spread.median()) + ' ' + metric.unit()
                : Figures.text(spread.median() / compared) + " ×";
        return Optional.of(measured + " | " + (target.isMet(spread.median(), compared) ? "yes" : "**no**"));
    }
}
