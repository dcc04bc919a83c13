package dev.eventstream.bench;

import java.util.HashMap;
import java.util.Map;

/** Options of a program, such as {@code --streams 8000}. */
public final class Arguments {
    private final Map<String, String> values = new HashMap<>();

    /**
     * @param known names of the allowed options
     * @throws IllegalArgumentException if an option is unknown or has no value
     */
    public Arguments(String[] arguments, String... known) {
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            if (!java.util.List.of(known).contains(name) || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "\"" + name + "\" is not one of " + String.join(", ", known) + ", or has no value");
            }
            values.put(name, arguments[i + 1]);
        }
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    public int number(String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }
}
