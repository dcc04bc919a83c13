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
    /** Streams begin now and show all types of events. */
    public static final RouteOptions DEFAULTS = new RouteOptions(List.of("now"), List.of());

    private final List<String> start;
    private final List<String> types;

    private RouteOptions(List<String> start, List<String> types) {
        this.start = List.copyOf(start);
        this.types = List.copyOf(types);
    }

    /**
     * Where streams may begin in the channels for which their clients state no position. The first entry is for clients that do not
     * ask; others name one with {@code ?start=}.
     *
     * @param allowed {@code now}, {@code all}, {@code last:NUMBER} or {@code since:DURATION}, each at most once; a client gets at most
     *     that number or duration. The route refuses all other kinds.
     */
    public RouteOptions withStart(String... allowed) {
        return new RouteOptions(List.of(allowed), types);
    }

    /**
     * The types of events that streams show; a client can choose some of them with {@code ?type=}.
     *
     * @param allowed at most 20, or {@code *} alone for all types
     */
    public RouteOptions withTypes(String... allowed) {
        return new RouteOptions(start, List.of(allowed));
    }

    /** Where streams may begin. */
    public List<String> start() {
        return start;
    }

    /** The types of events that streams show; none if clients cannot choose and get all. */
    public List<String> types() {
        return types;
    }
}
