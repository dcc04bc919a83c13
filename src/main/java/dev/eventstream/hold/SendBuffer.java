package dev.eventstream.hold;

import java.io.IOException;
import java.net.StandardSocketOptions;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits what the kernel buffers for a slow client. By default, Linux lets the buffer grow to 4 MB and accepts more only once a
 * third of it is free again, so a client that reads 2 KB/s would seem to read nothing for ten minutes (decision 16).
 */
final class SendBuffer {
    /** Linux doubles this value, for its own overhead. */
    static final int BYTES = 64 << 10;

    private static final Logger LOGGER = LoggerFactory.getLogger(SendBuffer.class);

    private SendBuffer() {}

    /** Limits the buffer of the socket below this end point; ignores an end point without a socket. */
    static void bound(EndPoint endPoint) {
        EndPoint socket = endPoint;
        while (socket instanceof EndPoint.Wrapper wrapper) {
            socket = wrapper.unwrap();
        }
        if (socket instanceof SocketChannelEndPoint channel) {
            try {
                channel.getChannel().setOption(StandardSocketOptions.SO_SNDBUF, BYTES);
            } catch (IOException e) {
                LOGGER.debug("The send buffer of a stream could not be limited; its connection may be closed", e);
            }
        }
    }
}
