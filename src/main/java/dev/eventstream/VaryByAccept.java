package dev.eventstream;

import dev.eventstream.http.StreamPaths;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * States in each answer at the addresses of streams that it depends on {@code Accept}: some clients get a page. JAX-RS cannot do that,
 * because Jersey replaces the {@code Vary} of the handlers around it (Jersey 3.1, {@code ResponseWriter}).
 *
 * <p>Thread-safe.
 */
final class VaryByAccept extends Handler.Wrapper {
    private static final HttpField VARY = new PreEncodedHttpField(HttpHeader.VARY, HttpHeader.ACCEPT.asString());

    private final StreamPaths streams;

    VaryByAccept(StreamPaths streams) {
        this.streams = streams;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (streams.contains(Request.getPathInContext(request))) {
            response.getHeaders().ensureField(VARY);
        }
        return super.handle(request, response, callback);
    }
}
