package dev.eventstream.store;

import org.jspecify.annotations.Nullable;

/** The log could not be read or written. The message says what to do, if that is known, and quotes no event data. */
public class EventStoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What happened to the events whose append failed. */
    public enum Outcome {
        /** None of them is stored. */
        NOT_STORED,
        /** The connection failed during the commit: all of them may be stored, or none. */
        UNKNOWN
    }

    private final Outcome outcome;

    public EventStoreException(String message) {
        super(message);
        this.outcome = Outcome.NOT_STORED;
    }

    public EventStoreException(String message, Throwable cause) {
        this(message, Outcome.NOT_STORED, cause);
    }

    public EventStoreException(String message, Outcome outcome, @Nullable Throwable cause) {
        super(message, cause);
        this.outcome = outcome;
    }

    /** The outcome of an append; {@link Outcome#NOT_STORED} for any other call. */
    public Outcome outcome() {
        return outcome;
    }
}
