package dev.eventstream.event;

import dev.eventstream.channel.PlainText;

/** A {@code Last-Event-ID} that is in no form we know. The message quotes the beginning of the bad entry, nothing else. */
public final class BadLastEventIdException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadLastEventIdException(String message) {
        super(message);
    }

    BadLastEventIdException(String entry, IllegalArgumentException cause) {
        super("Last-Event-ID has the bad entry " + PlainText.quote(entry) + ": " + cause.getMessage(), cause);
    }
}
