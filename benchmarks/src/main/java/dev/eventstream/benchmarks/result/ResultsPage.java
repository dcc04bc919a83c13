package dev.eventstream.benchmarks.result;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Writes {@code RESULTS.md} and the plots, from the newest run of each question and the handwritten explanations
 * ({@code results/QUESTION.md}).
 */
public final class ResultsPage {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path page;
    private final Path results;
    private final Path explanations;
    private final List<Heading> headings;

    /**
     * @param page the file to write
     * @param results the directory of the results, below that of the page; plots are written there
     * @param explanations the directory of the explanations
     */
    public ResultsPage(Path page, Path results, Path explanations, List<Heading> headings) {
        this.page = page;
        this.results = results;
        this.explanations = explanations;
        this.headings = List.copyOf(headings);
    }

    public void write() throws IOException {
        StringBuilder text = new StringBuilder("""
                # Results

                [README.md](README.md) explains how these figures were measured and how to read them. `benchmarks/run --results` writes this page
                from `results/`; change the explanations there. Each value is a median over the rounds of one run. Figures depend on the
                machine: only the ratios within a run mean anything.

                """);
        List<Section> sections = new ArrayList<>();
        for (Heading heading : headings) {
            sections.add(new Section(heading, newestRun(heading)));
        }
        text.append(verdicts(sections));
        for (Section section : sections) {
            text.append(section.head()).append(plot(section)).append(explanation(section.heading()));
            text.append(section.tables());
        }
        Files.writeString(page, text.toString().stripTrailing() + '\n', StandardCharsets.UTF_8);
    }

    private static String verdicts(List<Section> sections) {
        StringBuilder text = new StringBuilder();
        for (Section section : sections) {
            section.verdicts().forEach(text::append);
        }
        return text.isEmpty() ? "" : "| question | target | measured | met? |\n|---|---|---:|---|\n" + text + '\n';
    }

    private String plot(Section section) throws IOException {
        List<Metric> plotted = section.plotted();
        if (plotted.isEmpty()) {
            return "";
        }
        Path file = results.resolve(section.heading().name() + ".svg");
        Files.writeString(file, new BarPlot(plotted, section.heading().references()).svg(), StandardCharsets.UTF_8);
        Path parent = Optional.ofNullable(page.getParent()).orElse(Path.of(""));
        return "![" + section.heading().asks().replaceAll("[\\[\\]]", "") + "](" + parent.relativize(file) + ")\n\n";
    }

    private String explanation(Heading heading) throws IOException {
        Path file = explanations.resolve(heading.name() + ".md");
        return Files.exists(file)
                ? Files.readString(file, StandardCharsets.UTF_8).strip() + "\n\n"
                : "";
    }

    private List<ResultLine> newestRun(Heading heading) throws IOException {
        Path file = results.resolve(heading.name() + ".jsonl");
        if (!Files.exists(file)) {
            return List.of();
        }
        List<ResultLine> all = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            all.add(JSON.readValue(line, ResultLine.class));
        }
        String newest = all.stream()
                .map(ResultLine::date)
                .max(Comparator.naturalOrder())
                .orElse("");
        return all.stream().filter(line -> line.date().equals(newest)).toList();
    }
}
