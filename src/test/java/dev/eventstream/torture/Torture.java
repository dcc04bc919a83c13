package dev.eventstream.torture;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The program; see {@link Options#USAGE}. */
public final class Torture {
    private static final int BROKEN = 1;
    private static final int NOT_RUN = 2;

    private Torture() {}

    public static void main(String[] arguments) {
        System.exit(status(arguments));
    }

    private static int status(String[] arguments) {
        if (List.of(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return 0;
        }
        try {
            List<String> rest = new ArrayList<>(List.of(arguments));
            boolean all = rest.remove("--bugs");
            Options options = Options.parse(rest.toArray(String[]::new));
            return all ? bugs(options) : one(options);
        } catch (IllegalArgumentException e) {
            System.err.println("torture: " + e.getMessage());
            return NOT_RUN;
        } catch (Exception e) {
            System.err.println("torture: the run failed");
            e.printStackTrace();
            return NOT_RUN;
        }
    }

    private static int one(Options options) throws Exception {
        Verdict verdict = run(options);
        System.out.println(verdict);
        return verdict.held() ? 0 : BROKEN;
    }

    /** One run. */
    static Verdict run(Options options) throws Exception {
        System.out.println("seed=" + options.seed() + " nodes=" + options.nodes() + " database=" + options.database()
                + " bus=" + options.bus() + " bug="
                + options.bug().label() + " trace=" + options.directory());
        try (Run run = new Run(options)) {
            return run.run();
        }
    }

    private static int bugs(Options options) throws Exception {
        boolean allFound = true;
        for (Bug bug : Bug.values()) {
            if (bug != Bug.NONE) {
                allFound &= isFound(bug, options);
            }
        }
        System.out.println(allFound ? "every bug was found" : "not every bug was found");
        return allFound ? 0 : BROKEN;
    }

    private static boolean isFound(Bug bug, Options options) throws Exception {
        Path directory = options.directory().resolve(bug.label());
        Verdict verdict = run(options.with(bug, directory));
        boolean isFound = bug.breaches().stream().anyMatch(breach -> verdict.count(breach) > 0);
        System.out.println(
                String.format(Locale.ROOT, "%-28s %s %s", bug.label(), isFound ? "FOUND " : "MISSED", verdict));
        return isFound;
    }
}
