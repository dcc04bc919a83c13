package dev.eventstream.http;

import java.util.List;

/**
 * The paths on which streams are served.
 *
 * <p>Immutable.
 */
public final class StreamPaths {
    private final List<StreamRoute> routes;
    private final String prefix;

    /**
     * @param prefix what precedes the path of every route, without a trailing slash; may be empty
     */
    public StreamPaths(List<StreamRoute> routes, String prefix) {
        this.routes = List.copyOf(routes);
        this.prefix = prefix;
    }

    /** Whether a percent-encoded path within the application's context is that of a stream. */
    public boolean contains(String path) {
        if (!path.startsWith(prefix)) {
            return false;
        }
        String rest = path.substring(prefix.length());
        return routes.stream().anyMatch(route -> route.matches(rest));
    }
}
