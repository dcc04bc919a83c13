package dev.eventstream.example;

import jakarta.ws.rs.BadRequestException;
import org.jspecify.annotations.Nullable;

/** A message to be posted. Immutable. */
record Draft(String from, String text) {
    private static final TextRule FROM = new TextRule("form field \"from\"", 50, false);
    private static final TextRule TEXT = new TextRule("form field \"text\"", 2000, true);

    /**
     * @throws BadRequestException if a field is missing or not allowed
     */
    static Draft of(@Nullable String from, @Nullable String text) {
        return new Draft(FROM.check(from), TEXT.check(text));
    }
}
