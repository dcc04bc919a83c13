package dev.eventstream.hold;

import org.eclipse.jetty.server.Request;

/**
 * Runs a resource's {@link Runnable} when the servlets have returned, whether they have answered or left the answer to another thread.
 * Stateless.
 */
public final class ServletsEnd {
    /** The request attribute with the {@link Runnable}, which must not throw or block. */
    public static final String ATTRIBUTE = ServletsEnd.class.getName();

    private ServletsEnd() {}

    static void run(Request request) {
        ExchangeEnd.run(request, ATTRIBUTE);
    }
}
