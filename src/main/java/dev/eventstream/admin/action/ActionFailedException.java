package dev.eventstream.admin.action;

/** An action that has failed, perhaps half way. The message tells the operator what has happened. */
public final class ActionFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ActionFailedException(String message) {
        super(message);
    }

    ActionFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
