package dev.eventstream.hold;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.util.Optional;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets how much the kernel buffers.
 *
 * <p>For a slow client, it is limited. By default, Linux lets the buffer grow to 4 MB and accepts more only once a
 * third of it is free again, so a client that reads 2 KB/s would seem to read nothing for ten minutes (decision 16).
 */
final class SendBuffer {
    /** Linux doubles this value, for its own overhead. */
    static final int BYTES = 64 << 10;

    /** What fits into any buffer; Linux gives a new connection at least 16 kB (net.ipv4.tcp_wmem). */
    private static final int ALWAYS_FITS = 15_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(SendBuffer.class);

    private SendBuffer() {}

    /**
     * The end point of a request that has its connection to itself. An HTTP/2 connection also carries other answers, which need its input and
     * its send buffer.
     */
    static Optional<EndPoint> own(Request request) {
        ConnectionMetaData connection = request.getConnectionMetaData();
        return connection.getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion()
                ? Optional.of(connection.getConnection().getEndPoint())
                : Optional.empty();
    }

    /** Limits the buffer of the socket below this end point; ignores an end point without a socket. */
    static void bound(EndPoint endPoint) {
        set(endPoint, BYTES);
    }

    /**
     * Makes room for some bytes in the buffer of the socket below this end point, at most {@code net.core.wmem_max} (212,992 by default).
     * Otherwise, a new connection over Ethernet takes only about 40 kB at once, whatever it grows to later.
     */
    static void enlarge(EndPoint endPoint, int bytes) {
        if (bytes > ALWAYS_FITS) {
            set(endPoint, 2 * bytes);
        }
    }

    private static void set(EndPoint endPoint, int bytes) {
        EndPoint socket = endPoint;
        while (socket instanceof EndPoint.Wrapper wrapper) {
            socket = wrapper.unwrap();
        }
        if (socket instanceof SocketChannelEndPoint channel) {
            try {
                channel.getChannel().setOption(StandardSocketOptions.SO_SNDBUF, bytes);
            } catch (IOException e) {
                LOGGER.debug("The size of a send buffer could not be set; its connection may be closed", e);
            }
        }
    }
}
