package dev.eventstream.example;

import jakarta.ws.rs.BadRequestException;
import org.jspecify.annotations.Nullable;

/**
 * The rule for a text that a user enters: 1 to {@code maxLength} characters (code points), any Unicode except control
 * characters. Immutable.
 *
 * @param field its name for users, such as {@code form field "text"}
 * @param allowsLines whether line breaks and tabs are allowed
 */
record TextRule(String field, int maxLength, boolean allowsLines) {

    /**
     * Returns the text without white space at both ends.
     *
     * @throws BadRequestException if it is missing or breaks the rule; the message does not quote it
     */
    String check(@Nullable String typed) {
        String text = typed == null ? "" : typed.strip();
        int length = text.codePointCount(0, text.length());
        if (length < 1 || length > maxLength) {
            throw new BadRequestException(field + " has " + length + " characters; allowed are 1 to " + maxLength
                    + ", not counting white space at both ends");
        }
        if (text.codePoints().anyMatch(this::isForbidden)) {
            throw new BadRequestException(
                    field + " has a control character or half a surrogate pair; allowed is any other" + " Unicode"
                            + (allowsLines ? ", line breaks and tabs" : ""));
        }
        return text;
    }

    private boolean isForbidden(int codePoint) {
        if (allowsLines && (codePoint == '\n' || codePoint == '\r' || codePoint == '\t')) {
            return false;
        }
        int type = Character.getType(codePoint);
        return type == Character.CONTROL || type == Character.SURROGATE;
    }
}
