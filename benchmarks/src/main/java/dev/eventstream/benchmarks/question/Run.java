package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.result.ResultFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A question that is being asked. Confined to one thread, except {@link #record}. */
public final class Run {
    private final Options options;
    private final ResultFile results;
    private final Path directory;

    /**
     * Begins to ask.
     *
     * @param directory for files of servers; exists, and is removed after the question
     */
    public Run(Options options, ResultFile results, Path directory) {
        this.options = options;
        this.results = results;
        this.directory = directory;
    }

    public int rounds() {
        return options.rounds();
    }

    /** Whether only to find out that everything works, in a second or two. */
    public boolean isSmoke() {
        return options.smoke();
    }

    /** Whether to include the largest sizes ({@code --full}). */
    public boolean isFull() {
        return options.full();
    }

    /** How long the longest question takes ({@code --minutes}). */
    public int minutes() {
        return options.minutes();
    }

    /** So many seconds, or one in a smoke run. */
    public Duration seconds(int seconds) {
        return Duration.ofSeconds(isSmoke() ? 1 : seconds);
    }

    /** The number, or the smaller one in a smoke run. */
    public int count(int number, int inSmokeRun) {
        return isSmoke() ? inSmokeRun : number;
    }

    /** All of them, or only the first in a smoke run. */
    public <T> List<T> some(List<T> all) {
        return isSmoke() ? all.subList(0, 1) : all;
    }

    /** A new, empty directory, such as for a database. It is removed after the question. */
    public Path newDirectory(String name) {
        try {
            return Files.createTempDirectory(directory, name.replaceAll("[^A-Za-z0-9]+", "-") + '-');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Records a value.
     *
     * @param subject what was measured; the same name in all questions
     * @param metric what the value says; the same unit and meaning for all subjects of a question
     * @param round from 1
     */
    public void record(String subject, String metric, String unit, int round, double value) {
        results.append(subject, metric, unit, round, value);
        System.out.printf(Locale.ROOT, "  %d  %-28s %-44s %,14.3f %s%n", round, subject, metric, value, unit);
    }

    /** Notes which version of a subject is measured, before its first value is recorded. */
    public void version(String subject, String version) {
        results.version(subject, version);
    }

    /** Saves a text beside the results as {@code QUESTION-NAME}, such as {@code plan.txt}; in a smoke run, where it is thrown away. */
    public void save(String name, String text) {
        results.save(name, text);
    }

    /**
     * Measures all subjects once per round, one after the other. Each round begins with another subject, so that a slow change of the
     * machine's speed affects all alike.
     */
    public void alternate(List<Subject> subjects) throws Exception {
        for (int round = 1; round <= rounds(); round++) {
            for (int i = 0; i < subjects.size(); i++) {
                measure(subjects.get((round - 1 + i) % subjects.size()), round);
            }
        }
    }

    private void measure(Subject subject, int number) throws Exception {
        subject.measurement().measure(new Subject.Round() {
            @Override
            public int number() {
                return number;
            }

            @Override
            public void record(String metric, String unit, double value) {
                Run.this.record(subject.name(), metric, unit, number, value);
            }
        });
    }
}
