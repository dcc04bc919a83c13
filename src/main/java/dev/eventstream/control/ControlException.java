package dev.eventstream.control;

import java.io.Serial;

/** A proxy did not take a request. The message is a predicate whose subject is the proxy's name, such as "refuses the connection". */
public final class ControlException extends Exception {
    /** What the failure means for the items. */
    public enum Reason {
        /** An item is bad; the same request would be refused again. */
        REFUSED,
        /** The proxy does not accept our credentials. */
        DENIED,
        /** It may work later; the items may also have arrived. */
        UNAVAILABLE,
        /** The proxy or the transport does not support the request. */
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
