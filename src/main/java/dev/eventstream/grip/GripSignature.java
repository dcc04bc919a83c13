package dev.eventstream.grip;

/**
 * Whether a proxy sent a request.
 *
 * <p>Immutable.
 */
public sealed interface GripSignature {
    /**
     * A proxy did.
     *
     * @param proxy its name; of proxies with the same key and issuer, the first one's
     */
    record By(String proxy) implements GripSignature {}

    /** The request does not claim so: it has no {@code Grip-Sig}. */
    record Absent() implements GripSignature {}

    /**
     * The request claims so and cannot prove it.
     *
     * @param reason what is wrong with its {@code Grip-Sig}, for the log; begins with a verb. It quotes nothing but the issuer
     *     of a token whose signature is good
     */
    record Refused(String reason) implements GripSignature {}
}
