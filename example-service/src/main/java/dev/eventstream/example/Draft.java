package dev.eventstream.example;

import jakarta.ws.rs.BadRequestException;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A message to be posted. Immutable.
 *
 * @param key an idempotency key: a draft that is posted again with the same key does not become a second message
 */
record Draft(String from, String text, String key) {
    private static final TextRule FROM = new TextRule("form field \"from\"", 50, false);
    private static final TextRule TEXT = new TextRule("form field \"text\"", 2000, true);
    private static final Pattern KEY = Pattern.compile("[-A-Za-z0-9]{16,64}");

    /**
     * @param key generated if it is missing
     * @throws BadRequestException if a field is missing or not allowed
     */
    static Draft of(@Nullable String from, @Nullable String text, @Nullable String key) {
        return new Draft(FROM.check(from), TEXT.check(text), key(key));
    }

    /** The name of the sender. */
    static String from(@Nullable String from) {
        return FROM.check(from);
    }

    private static String key(@Nullable String key) {
        if (key == null) {
            return UUID.randomUUID().toString();
        }
        if (!KEY.matcher(key).matches()) {
            throw new BadRequestException(
                    "the header Idempotency-Key is not allowed; allowed are 16 to 64 letters, digits and hyphens");
        }
        return key;
    }
}
