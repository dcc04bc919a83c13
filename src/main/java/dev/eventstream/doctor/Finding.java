package dev.eventstream.doctor;

/**
 * Something that would hurt.
 *
 * <p>Immutable. No text contains a secret.
 *
 * @param check the name of the check, such as {@code pool-size}
 * @param problem what was found, with the YAML key and the value
 * @param reason why it matters
 * @param change what to change, with the line to write if there is one
 */
public record Finding(Severity severity, String check, String problem, String reason, String change) {

    /** How much it matters. */
    public enum Severity {
        /** The application does not start, or events are lost or do not arrive. */
        ERROR,
        /** It works now, but will hurt some day. */
        WARNING
    }

    /** Something that is broken. */
    public static Finding error(String check, String problem, String reason, String change) {
        return new Finding(Severity.ERROR, check, problem, reason, change);
    }

    static Finding warning(String check, String problem, String reason, String change) {
        return new Finding(Severity.WARNING, check, problem, reason, change);
    }

    /** All of it in one sentence, for the log. */
    public String sentence() {
        return problem + ": " + reason + "; " + change;
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }
}
