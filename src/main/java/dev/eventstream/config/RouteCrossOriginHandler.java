package dev.eventstream.config;

import dev.eventstream.http.StreamPaths;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.util.Callback;

/** Applies Jetty's CORS to streams only. Thread-safe. */
final class RouteCrossOriginHandler extends CrossOriginHandler {
    private final StreamPaths streams;

    RouteCrossOriginHandler(StreamPaths streams) {
        this.streams = streams;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Handler next = getHandler();
        if (streams.contains(Request.getPathInContext(request)) || next == null) {
            return super.handle(request, response, callback);
        }
        return next.handle(request, response, callback);
    }
}
