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
    private final List<StreamRoute> routes;

    public NoStoreFilter(List<StreamRoute> routes) {
        this.routes = List.copyOf(routes);
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        String path = request.getUriInfo().getPath(false);
        String absolute = path.startsWith("/") ? path : '/' + path;
        if (routes.stream().anyMatch(route -> route.matches(absolute))) {
            response.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "no-store, no-transform");
            response.getHeaders().putSingle("X-Accel-Buffering", "no");
        }
    }
}
