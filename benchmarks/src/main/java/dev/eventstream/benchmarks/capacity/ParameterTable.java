package dev.eventstream.benchmarks.capacity;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The parameters that were not measured. */
final class ParameterTable {
    private final Parameters known;

    ParameterTable(Parameters known) {
        this.known = known;
    }

    String text() {
        return "| parameter | value | what we know |\n|---|---|---|\n"
                + Arrays.stream(Parameter.values())
                        .filter(parameter -> known.entry(parameter).kind() == Parameters.Kind.ASSUMED)
                        .map(this::row)
                        .collect(Collectors.joining());
    }

    private String row(Parameter parameter) {
        Parameters.Entry entry = known.entry(parameter);
        return "| `" + parameter.key() + "` | " + Numbers.number(entry.value()) + " " + entry.unit() + " | "
                + entry.source() + " |\n";
    }
}
