package dev.eventstream.hold;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/**
 * Runs a resource's {@link Runnable} when the exchange of its request is over: at once for an ordinary answer, and at the end of
 * the stream for one that is held. Stateless.
 */
public final class ExchangeEnd {
    /** The request attribute with the {@link Runnable}, which must not throw or block, and may be run more than once. */
    public static final String ATTRIBUTE = ExchangeEnd.class.getName();

    private ExchangeEnd() {}

    static Callback before(Callback callback, Request request) {
        return new Callback.Nested(callback) {
            @Override
            public void succeeded() {
                run(request);
                super.succeeded();
            }

            @Override
            public void failed(Throwable failure) {
                run(request);
                super.failed(failure);
            }
        };
    }

    static void run(Request request) {
        run(request, ATTRIBUTE);
    }

    /** Runs the {@link Runnable} of an attribute, if the request has it. */
    static void run(Request request, String attribute) {
        if (request.getAttribute(attribute) instanceof Runnable work) {
            work.run();
        }
    }
}
