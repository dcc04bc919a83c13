package dev.eventstream.config;

import dev.eventstream.http.StreamRoute;
import java.util.List;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.util.Callback;

/** Applies Jetty's CORS to the addresses of some routes only. Thread-safe. */
final class RouteCrossOriginHandler extends CrossOriginHandler {
    private final List<StreamRoute> routes;
    private final String prefix;

    RouteCrossOriginHandler(List<StreamRoute> routes, String prefix) {
        this.routes = List.copyOf(routes);
        this.prefix = prefix;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Handler next = getHandler();
        if (isStream(Request.getPathInContext(request)) || next == null) {
            return super.handle(request, response, callback);
        }
        return next.handle(request, response, callback);
    }

    private boolean isStream(String path) {
        if (!path.startsWith(prefix)) {
            return false;
        }
        String rest = path.substring(prefix.length());
        return routes.stream().anyMatch(route -> route.matches(rest));
    }
}
