package dev.eventstream.hold;

import java.io.IOException;
import java.net.StandardSocketOptions;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what the kernel keeps for a slow client. Left alone, Linux lets the buffer grow to 4 MB and reports that it can take
 * more only when a third of it is free again; a client that reads 2 KB/s would seem to take nothing for ten minutes
 * (decision 16).
 */
final class SendBuffer {
    /** Linux doubles it, for its own overhead. */
    static final int BYTES = 64 << 10;

    private static final Logger LOGGER = LoggerFactory.getLogger(SendBuffer.class);

    private SendBuffer() {}

    /** Bounds the buffer of the socket below this end point; ignores an end point without one. */
    static void bound(EndPoint endPoint) {
        EndPoint socket = endPoint;
        while (socket instanceof EndPoint.Wrapper wrapper) {
            socket = wrapper.unwrap();
        }
        if (socket instanceof SocketChannelEndPoint channel) {
            try {
                channel.getChannel().setOption(StandardSocketOptions.SO_SNDBUF, BYTES);
            } catch (IOException e) {
                LOGGER.debug("The send buffer of a stream could not be bounded; it may be closed", e);
            }
        }
    }
}
