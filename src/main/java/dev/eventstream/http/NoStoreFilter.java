package dev.eventstream.http;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;

/**
 * Disables caching, transformation and buffering for every answer of the routes, including those that JAX-RS gives for them,
 * such as 405 and 406. It does not touch other resources of the application.
 *
 * <p>Thread-safe.
 */
public final class NoStoreFilter implements ContainerResponseFilter {
    /** {@code Cache-Control} of an answer that no cache may keep and no proxy may change. */
    static final String NO_STORE = "no-store, no-transform";

    /** With the value {@code no}, it makes nginx pass an answer on as it arrives. */
    static final String BUFFERING = "X-Accel-Buffering";

    private final List<StreamRoute> routes;

    public NoStoreFilter(List<StreamRoute> routes) {
        this.routes = List.copyOf(routes);
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        String path = request.getUriInfo().getPath(false);
        String absolute = path.startsWith("/") ? path : '/' + path;
        if (routes.stream().anyMatch(route -> route.matches(absolute))) {
            response.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, NO_STORE);
            response.getHeaders().putSingle(BUFFERING, "no");
        }
    }
}
