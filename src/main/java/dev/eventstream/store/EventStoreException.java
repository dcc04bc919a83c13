package dev.eventstream.store;

/** The log could not be read or written. The message says what to do where that is known; it quotes no event data. */
public class EventStoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What became of the events whose append failed. */
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

    public EventStoreException(String message, Outcome outcome, Throwable cause) {
        super(message, cause);
        this.outcome = outcome;
    }

    /** Of an append; {@link Outcome#NOT_STORED} for all else. */
    public Outcome outcome() {
        return outcome;
    }
}
