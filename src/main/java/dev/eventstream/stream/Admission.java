package dev.eventstream.stream;

import java.time.Instant;

/**
 * The admission of a stream's reader.
 *
 * <p>Immutable.
 *
 * @param requestedNanos when the request arrived, by the node's ticker; a change of rights after that may have been overlooked
 * @param validUntil when the reader's credentials expire; {@link Instant#MAX} if they do not
 */
public record Admission(long requestedNanos, Instant validUntil) {
    /** For a stream that is held elsewhere; its next link tells when it ends. */
    public static final Admission ELSEWHERE = new Admission(0, Instant.MAX);
}
