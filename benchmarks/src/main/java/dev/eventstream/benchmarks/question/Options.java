package dev.eventstream.benchmarks.question;

import java.util.ArrayList;
import java.util.List;

/**
 * What the command line says. Immutable.
 *
 * @param smoke whether only to find out that everything works
 * @param full whether to include the largest sizes
 * @param minutes how long the longest question takes
 * @param questions the names of questions; empty for all
 */
public record Options(
        boolean smoke,
        int rounds,
        boolean full,
        int minutes,
        boolean list,
        boolean onlyResults,
        List<String> questions) {
    private static final int MOST_ROUNDS = 1_000;

    public Options {
        questions = List.copyOf(questions);
    }

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException if there is an unknown option or a number out of bounds; the message says which
     */
    public static Options parse(String... arguments) {
        boolean smoke = false;
        boolean full = false;
        boolean list = false;
        boolean onlyResults = false;
        int rounds = 0;
        int minutes = 30;
        List<String> questions = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--smoke" -> smoke = true;
                case "--full" -> full = true;
                case "--list" -> list = true;
                case "--results" -> onlyResults = true;
                case "--rounds" -> rounds = number(arguments, i++);
                case "--minutes" -> minutes = number(arguments, i++);
                default -> questions.add(question(arguments[i]));
            }
        }
        return new Options(smoke, rounds > 0 ? rounds : smoke ? 1 : 5, full, minutes, list, onlyResults, questions);
    }

    private static String question(String argument) {
        if (argument.startsWith("-")) {
            throw new IllegalArgumentException("unknown option \"" + argument + "\"; see benchmarks/run --help");
        }
        return argument;
    }

    private static int number(String[] arguments, int option) {
        String value = option + 1 < arguments.length ? arguments[option + 1] : "";
        if (!value.matches("[0-9]{1,4}") || Integer.parseInt(value) < 1 || Integer.parseInt(value) > MOST_ROUNDS) {
            throw new IllegalArgumentException(
                    arguments[option] + " \"" + value + "\" is not allowed; allowed is 1 to " + MOST_ROUNDS);
        }
        return Integer.parseInt(value);
    }
}
