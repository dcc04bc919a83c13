package dev.eventstream.event;

import dev.eventstream.channel.PlainText;

/** A {@code Last-Event-ID} in an unknown form. The message quotes only the beginning of the bad entry. */
public final class BadLastEventIdException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadLastEventIdException(String message) {
        super(message);
    }

    BadLastEventIdException(String entry, IllegalArgumentException cause) {
        super("Last-Event-ID has the bad entry " + PlainText.quote(entry) + ": " + cause.getMessage(), cause);
    }
}
