package dev.eventstream.store;

/**
 * Limits one read: to a number of events, and to those that begin before their data exceeds a number of characters. The first
 * event is read whatever its size.
 *
 * <p>Immutable.
 *
 * @param events the most events; 1 or more
 * @param characters no further event is read once the data has this many characters; 1 or more
 */
public record PageLimit(int events, int characters) {
    public PageLimit {
        if (events < 1 || characters < 1) {
            throw new IllegalArgumentException(
                    "a page of " + events + " events and " + characters + " characters; allowed is 1 or more of each");
        }
    }
}
