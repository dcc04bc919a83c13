package dev.eventstream.limit;

/** A stream that is refused because a limit is reached. Its client may try again later. */
public final class LimitReachedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Limit limit;

    public LimitReachedException(Limit limit) {
        super(limit.text(), null, false, false);
        this.limit = limit;
    }

    public Limit limit() {
        return limit;
    }
}
