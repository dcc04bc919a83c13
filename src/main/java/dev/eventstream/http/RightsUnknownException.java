package dev.eventstream.http;

/** The application could not decide whether a reader may read channels; the cause is its failure. */
final class RightsUnknownException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RightsUnknownException(RuntimeException cause) {
        super("the authorizer failed", cause, false, false);
    }
}
