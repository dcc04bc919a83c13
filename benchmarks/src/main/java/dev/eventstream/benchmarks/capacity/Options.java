package dev.eventstream.benchmarks.capacity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Options of the command line, such as {@code --readers 1000}.
 *
 * <p>Immutable.
 */
final class Options {
    private static final int MAX_QUOTED = 40;

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /**
     * @param allowed names without the dashes
     * @throws IllegalArgumentException if an option is unknown, has no value, or is repeated
     */
    static Options of(List<String> arguments, Set<String> allowed) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String argument = arguments.get(i);
            if (!argument.startsWith("--") || !allowed.contains(argument.substring(2))) {
                throw new IllegalArgumentException("there is no option " + quoted(argument) + " here");
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(argument + " needs a value");
            }
            if (values.put(argument.substring(2), arguments.get(i + 1)) != null) {
                throw new IllegalArgumentException(argument + " is stated twice");
            }
        }
        return new Options(values);
    }

    static String quoted(String text) {
        return '\'' + (text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…") + '\'';
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /** A number; digits may be grouped with underscores. */
    double number(String name, double otherwise) {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            return Double.parseDouble(text.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + name + " " + quoted(text) + " is not a number", e);
        }
    }
}
