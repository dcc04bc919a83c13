package dev.eventstream.admin.why;

/**
 * One reason, or one fact that helps to find it.
 *
 * <p>Immutable.
 *
 * @param stream the number of the stream that it is about; 0 if it is about none
 * @param text a sentence for an operator
 */
public record Finding(Cause cause, long stream, String text) {
    /** A finding that is not about a stream. */
    static Finding of(Cause cause, String text) {
        return new Finding(cause, 0, text);
    }
}
