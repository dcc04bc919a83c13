package dev.eventstream.grip;

/**
 * The result of verifying the {@code Grip-Sig} of a request.
 *
 * <p>Immutable.
 */
public sealed interface GripSignature {
    /**
     * A proxy sent the request.
     *
     * @param proxy its name; if several have the same key and issuer, that of the first
     */
    record By(String proxy) implements GripSignature {}

    /** The request has no {@code Grip-Sig}. */
    record Absent() implements GripSignature {}

    /**
     * The request has a {@code Grip-Sig} that proves nothing.
     *
     * @param reason the problem with its {@code Grip-Sig}, for the log; begins with a verb. It quotes at most the issuer of a token
     *     whose signature is valid
     */
    record Refused(String reason) implements GripSignature {}
}
