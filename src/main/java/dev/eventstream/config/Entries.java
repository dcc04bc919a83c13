package dev.eventstream.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Builds the entries of a list so that an error names the entry. Stateless, thread-safe. */
final class Entries {
    private Entries() {}

    /**
     * Builds each value.
     *
     * @param key of the list, below {@code eventStream}
     * @throws IllegalArgumentException if a value is not allowed; the message begins with the key and the index
     */
    static <A, B> List<B> build(String key, List<A> values, Function<A, B> build) {
        List<B> built = new ArrayList<>();
        for (A value : values) {
            try {
                built.add(build.apply(value));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "eventStream." + key + "[" + built.size() + "]: " + e.getMessage(), e);
            }
        }
        return List.copyOf(built);
    }
}
