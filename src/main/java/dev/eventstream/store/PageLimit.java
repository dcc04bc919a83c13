package dev.eventstream.store;

/**
 * How much one read may bring: so many events, and no further event once their data has so many characters. One event is
 * read whatever its size.
 *
 * <p>Immutable.
 *
 * @param events 1 or more
 * @param characters 1 or more
 */
public record PageLimit(int events, int characters) {
    public PageLimit {
        if (events < 1 || characters < 1) {
            throw new IllegalArgumentException(
                    "a page of " + events + " events and " + characters + " characters; allowed is 1 or more of each");
        }
    }
}
