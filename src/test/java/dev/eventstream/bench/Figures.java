package dev.eventstream.bench;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Results in a form that {@link Compare} reads. */
public final class Figures {
    private static final Pattern LINE = Pattern.compile("figure (higher|lower) is better: (.+) = ([0-9.Ee+-]+) ?(.*)");

    private Figures() {}

    /**
     * One result.
     *
     * @param isHigherBetter whether a higher value is better
     */
    record Figure(String name, double value, String unit, boolean isHigherBetter) {}

    static void printHigherIsBetter(String name, double value, String unit) {
        print("higher", name, value, unit);
    }

    public static void printLowerIsBetter(String name, double value, String unit) {
        print("lower", name, value, unit);
    }

    private static void print(String better, String name, double value, String unit) {
        System.out.println(String.format(Locale.ROOT, "figure %s is better: %s = %.3f %s", better, name, value, unit));
    }

    static Optional<Figure> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches()
                ? Optional.of(new Figure(
                        matcher.group(2),
                        Double.parseDouble(matcher.group(3)),
                        matcher.group(4),
                        matcher.group(1).equals("higher")))
                : Optional.empty();
    }
}
