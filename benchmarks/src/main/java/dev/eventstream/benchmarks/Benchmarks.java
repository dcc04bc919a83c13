package dev.eventstream.benchmarks;

import dev.eventstream.benchmarks.question.Options;
import dev.eventstream.benchmarks.question.Question;
import dev.eventstream.benchmarks.question.Run;
import dev.eventstream.benchmarks.result.Heading;
import dev.eventstream.benchmarks.result.Origin;
import dev.eventstream.benchmarks.result.ResultFile;
import dev.eventstream.benchmarks.result.ResultsPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Asks questions and writes the results; {@code benchmarks/run --help} describes the arguments. */
public final class Benchmarks {
    private final Options options;
    private final Path home;

    private Benchmarks(Options options, Path home) {
        this.options = options;
        this.home = home;
    }

    /** Ends with status 1 if a question failed, and with 2 if the arguments are wrong. */
    public static void main(String[] arguments) throws Exception {
        int status;
        try {
            Path home = Path.of(System.getProperty("benchmarks.directory", "."));
            status = new Benchmarks(Options.parse(arguments), home).run() ? 0 : 1;
        } catch (IllegalArgumentException e) {
            System.err.println("benchmarks/run: " + e.getMessage());
            status = 2;
        }
        System.exit(status);
    }

    private boolean run() throws Exception {
        List<Question> chosen = chosen();
        if (options.list()) {
            chosen.forEach(question -> System.out.printf("%-12s %s%n", question.name(), question.asks()));
            return true;
        }
        List<String> failed = new ArrayList<>();
        if (!options.onlyResults()) {
            String command = System.getProperty("benchmarks.command", "benchmarks/run");
            Origin origin = Origin.ofThisRun(home, command);
            System.out.println(origin.commit() + ", " + origin.machine());
            for (Question question : chosen) {
                if (!ask(question, origin)) {
                    failed.add(question.name());
                }
            }
        }
        Path page = options.smoke() ? results().resolve("RESULTS.md") : home.resolve("RESULTS.md");
        List<Heading> headings = Questions.ALL.stream().map(Benchmarks::heading).toList();
        new ResultsPage(page, results(), home.resolve("results"), headings).write();
        if (!failed.isEmpty()) {
            System.out.println("failed: " + String.join(", ", failed));
        }
        return failed.isEmpty();
    }

    private List<Question> chosen() {
        List<String> names = Questions.ALL.stream().map(Question::name).toList();
        options.questions().stream()
                .filter(name -> !names.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "there is no question \"" + name + "\"; there are " + String.join(", ", names));
                });
        return Questions.ALL.stream()
                .filter(question ->
                        options.questions().isEmpty() || options.questions().contains(question.name()))
                .toList();
    }

    private boolean ask(Question question, Origin origin) throws IOException {
        System.out.println(question.name() + ": " + question.asks());
        Instant start = Instant.now();
        // a short path, because Pushpin puts its sockets below it
        // other users may enter: servers that root starts run as one of them
        Path directory = Files.setPosixFilePermissions(
                Files.createTempDirectory("bm"), PosixFilePermissions.fromString("rwx--x--x"));
        try {
            question.run(new Run(options, new ResultFile(results(), question.name(), origin, start), directory));
            System.out.printf(
                    "%s: %d s%n",
                    question.name(), Duration.between(start, Instant.now()).toSeconds());
            delete(directory);
            return true;
        } catch (Exception e) {
            System.out.println(question.name() + " failed; the files of its servers are in " + directory);
            e.printStackTrace(System.out);
            return false;
        }
    }

    private Path results() throws IOException {
        return Files.createDirectories(home.resolve(options.smoke() ? "target/smoke" : "results"));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Heading heading(Question question) {
        return new Heading(
                question.name(), question.asks(), question.targets(), question.references(), question.plotted());
    }
}
