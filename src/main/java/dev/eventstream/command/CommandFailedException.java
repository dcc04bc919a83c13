package dev.eventstream.command;

/** A command could not do what it was asked for. The message is one line for the person at the terminal: what is wrong and what to change. */
public final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CommandFailedException(String message) {
        super(message);
    }

    public CommandFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
