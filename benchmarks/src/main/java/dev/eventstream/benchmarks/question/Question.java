package dev.eventstream.benchmarks.question;

import dev.eventstream.benchmarks.result.Target;
import java.util.List;

/** Something to find out by measuring. Its class has no state: a question may be asked several times. */
public interface Question {
    /** The name on the command line and of the files with results: lower-case words joined by hyphens. */
    String name();

    /** What it asks, in a sentence for readers of the results. */
    String asks();

    /** Measures, and records each value. The servers that it starts have ended when this returns or throws. */
    void run(Run run) throws Exception;

    /** The targets of the product. None by default. */
    default List<Target> targets() {
        return List.of();
    }

    /** The subjects with which all others are compared, as ratios; those without results are left out. */
    default List<String> references() {
        return List.of("nchan", "bare server");
    }

    /** How the names of the metrics end that the plot shows. By default it shows all. */
    default List<String> plotted() {
        return List.of("");
    }
}
