package dev.eventstream.admin.page;

/** A page that cannot be made now. The message tells the operator why. */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnavailableException(String message) {
        super(message, null, false, false);
    }
}
