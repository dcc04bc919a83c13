package dev.eventstream;

import org.jspecify.annotations.Nullable;

/** Tells a developer what the bundle's builder lacks. Stateless, thread-safe. */
final class Required {
    private Required() {}

    /**
     * A value that must be given to the builder.
     *
     * @throws IllegalStateException if it was not
     */
    static <T> T inBuilder(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalStateException("EventStreamBundle.builder() needs " + name + "(…)");
        }
        return value;
    }

    /**
     * The result of a function that was given to the builder.
     *
     * @param method the builder's method
     * @param reason the likely reason for its absence
     * @throws IllegalArgumentException if it is absent
     */
    static <T> T fromFunction(@Nullable T value, String method, String reason) {
        if (value == null) {
            throw new IllegalArgumentException(
                    "the function given to EventStreamBundle.builder()." + method + "(…) returned null: " + reason);
        }
        return value;
    }
}
