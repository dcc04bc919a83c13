package dev.eventstream.control;

import java.io.Serial;

/** A proxy did not take what it was given. The message says what was seen, in words that follow the proxy's name. */
public final class ControlException extends Exception {
    /** What that means for what was to be sent. */
    public enum Reason {
        /** Something in it is bad; the same again would be refused again. */
        REFUSED,
        /** The proxy does not accept our credentials. */
        DENIED,
        /** It may work later; it may also have arrived. */
        UNAVAILABLE,
        /** The proxy, or the way to it, cannot do that. */
        UNSUPPORTED
    }

    @Serial
    private static final long serialVersionUID = 1;

    private final Reason reason;

    public ControlException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public ControlException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
