package dev.eventstream.event;

/** A {@code Last-Event-ID} that is in no form we know. The message quotes the beginning of the bad entry, nothing else. */
public final class BadLastEventIdException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int LONGEST_QUOTE = 60;

    BadLastEventIdException(String message) {
        super(message);
    }

    BadLastEventIdException(String entry, IllegalArgumentException cause) {
        super(
                "Last-Event-ID has an entry \"" + shorten(entry) + "\" that is not of the form name=epoch-sequence",
                cause);
    }

    private static String shorten(String entry) {
        String start = entry.length() > LONGEST_QUOTE ? entry.substring(0, LONGEST_QUOTE) + "…" : entry;
        return start.replaceAll("[^\\x20-\\x7e…]", "?");
    }
}
