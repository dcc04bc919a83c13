package dev.eventstream.example;

import jakarta.ws.rs.BadRequestException;
import org.jspecify.annotations.Nullable;

/**
 * What a text that a user typed may be: any Unicode from 1 to {@code maxLength} characters (code points), without control
 * characters. Immutable.
 *
 * @param field how a user knows it, such as {@code form field "text"}
 * @param allowsLines whether line breaks and tabs are allowed all the same
 */
record TextRule(String field, int maxLength, boolean allowsLines) {

    /**
     * The text without white space around it.
     *
     * @throws BadRequestException if it is missing or breaks the rule; the message does not quote it
     */
    String check(@Nullable String typed) {
        String text = typed == null ? "" : typed.strip();
        int length = text.codePointCount(0, text.length());
        if (length < 1 || length > maxLength) {
            throw new BadRequestException(field + " has " + length + " characters; allowed are 1 to " + maxLength
                    + ", without white space around");
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
