package dev.eventstream.hold;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Request;

/**
 * The address at the other end of a request's connection. It is the connection's own, even if {@code useForwardedHeaders} makes
 * Jetty show another one, because any client could choose that one. Stateless.
 */
public final class PeerAddress {
    /** The request attribute with the {@link InetAddress}; absent if the connection has none. */
    public static final String ATTRIBUTE = PeerAddress.class.getName();

    private PeerAddress() {}

    static void note(Request request) {
        if (request.getConnectionMetaData().getConnection().getEndPoint().getRemoteSocketAddress()
                        instanceof InetSocketAddress socket
                && socket.getAddress() != null) {
            request.setAttribute(ATTRIBUTE, socket.getAddress());
        }
    }
}
