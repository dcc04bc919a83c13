package dev.eventstream.channel;

import java.util.List;

/**
 * Options of a route that {@code EventStreamBundle.builder().route(…)} adds. For routes in YAML, they are keys of
 * {@code eventStream.routes[]}.
 *
 * <pre>{@code
 * .route("/events/me", RouteOptions.DEFAULTS.withStart("last:50", "now"), selector)
 * }</pre>
 *
 * <p>Immutable.
 */
public final class RouteOptions {
    /** Streams begin now. */
    public static final RouteOptions DEFAULTS = new RouteOptions(List.of("now"));

    private final List<String> start;

    private RouteOptions(List<String> start) {
        this.start = List.copyOf(start);
    }

    /**
     * Where streams may begin in the channels for which their clients state no position. The first is for clients that do not ask;
     * others name one with {@code ?start=}.
     *
     * @param allowed {@code now}, {@code all}, {@code last:NUMBER} or {@code since:DURATION}, each at most once; the number and the
     *     duration are the most for which a client may ask. The route refuses anything else.
     */
    public RouteOptions withStart(String... allowed) {
        return new RouteOptions(List.of(allowed));
    }

    /** Where streams may begin. */
    public List<String> start() {
        return start;
    }
}
