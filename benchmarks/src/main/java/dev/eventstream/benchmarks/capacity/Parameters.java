package dev.eventstream.benchmarks.capacity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The values of all parameters, with their units and sources.
 *
 * <p>Immutable.
 */
public final class Parameters {
    /** Where a value comes from. */
    public enum Kind {
        MEASURED,
        DERIVED,
        DEFAULT,
        CHOICE,
        ASSUMED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One parameter.
     *
     * @param value a finite number that is not negative
     * @param source the measurement, the setting, or the reason
     */
    public record Entry(double value, String unit, Kind kind, String source) {}

    private final Map<Parameter, Entry> entries;

    private Parameters(Map<Parameter, Entry> entries) {
        this.entries = new EnumMap<>(entries);
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if a line is malformed, or a parameter is unknown, missing or stated twice
     */
    public static Parameters read(Path file) throws IOException {
        return parse(Files.readAllLines(file));
    }

    /**
     * Reads lines such as {@code cpu.write = 12 | µs | measured | ./bench streams}. Empty lines and those that begin with a number sign
     * are ignored.
     *
     * @throws IllegalArgumentException if a line is malformed, or a parameter is unknown, missing or stated twice
     */
    static Parameters parse(List<String> lines) {
        Map<Parameter, Entry> entries = new EnumMap<>(Parameter.class);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(entries, line, i + 1);
            }
        }
        List<String> missing = Arrays.stream(Parameter.values())
                .filter(parameter -> !entries.containsKey(parameter))
                .map(Parameter::key)
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("these parameters are missing: " + String.join(", ", missing));
        }
        return new Parameters(entries);
    }

    private static void add(Map<Parameter, Entry> entries, String line, int number) {
        int equals = line.indexOf('=');
        String[] parts = line.substring(equals + 1).split("\\|", -1);
        if (equals < 1 || parts.length != 4) {
            throw refused(number, line, "expected: name = value | unit | kind | source");
        }
        Parameter parameter = parameter(line.substring(0, equals).strip())
                .orElseThrow(() -> refused(number, line, "there is no such parameter"));
        Entry entry = new Entry(
                value(parts[0].strip(), number), parts[1].strip(), kind(parts[2].strip(), number), parts[3].strip());
        if (entry.unit().isEmpty() || entry.source().isEmpty()) {
            throw refused(number, line, "unit and source must not be empty");
        }
        if (entries.put(parameter, entry) != null) {
            throw refused(number, line, "the parameter is stated twice");
        }
    }

    private static Optional<Parameter> parameter(String key) {
        return Arrays.stream(Parameter.values())
                .filter(parameter -> parameter.key().equals(key))
                .findAny();
    }

    private static double value(String text, int line) {
        return number(text).orElseThrow(() -> refused(line, text, "the value must be a number, 0 or more"));
    }

    private static Optional<Double> number(String text) {
        try {
            double value = Double.parseDouble(text);
            return Double.isFinite(value) && value >= 0 ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Kind kind(String text, int line) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.word().equals(text))
                .findAny()
                .orElseThrow(
                        () -> refused(line, text, "the kind must be measured, derived, default, choice or assumed"));
    }

    private static IllegalArgumentException refused(int line, String text, String reason) {
        return new IllegalArgumentException(
                "capacity.properties, line " + line + ", " + Options.quoted(text) + ": " + reason);
    }

    /** The value of a parameter, in the unit that the file states. */
    public double value(Parameter parameter) {
        return entry(parameter).value();
    }

    /** Everything that the file states about a parameter. */
    public Entry entry(Parameter parameter) {
        Entry entry = entries.get(parameter);
        if (entry == null) {
            throw new IllegalStateException("no value for " + parameter.key());
        }
        return entry;
    }

    /** The same parameters with one other value. */
    public Parameters with(Parameter parameter, double value) {
        Map<Parameter, Entry> changed = new EnumMap<>(entries);
        Entry before = entry(parameter);
        changed.put(parameter, new Entry(value, before.unit(), Kind.CHOICE, before.source()));
        return new Parameters(changed);
    }

    /**
     * The same parameters with other values.
     *
     * @param changes such as {@code cpu.write=10,fan-out.threads=0}
     * @throws IllegalArgumentException if a name or a value is not allowed
     */
    public Parameters with(String changes) {
        Parameters changed = this;
        for (String change : changes.split(",", -1)) {
            int equals = change.indexOf('=');
            Parameter parameter = parameter(
                            change.substring(0, Math.max(0, equals)).strip())
                    .orElseThrow(() -> new IllegalArgumentException(
                            "there is no parameter " + Options.quoted(change) + "; expected NAME=VALUE"));
            changed = changed.with(
                    parameter,
                    number(change.substring(equals + 1).strip())
                            .orElseThrow(() -> new IllegalArgumentException(
                                    "the value of " + Options.quoted(change) + " must be a number, 0 or more")));
        }
        return changed;
    }
}
