package dev.eventstream.hold;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Gathers an answer that the kernel must get in one piece. Servlets hand on 32 kB at a time. If this process died in between, a client that
 * does not notice a truncated answer would continue after half of it.
 *
 * <p>Confined to Jetty's thread for the exchange.
 */
public final class OnePiece {
    /** The request attribute that demands it, with any value. */
    public static final String ATTRIBUTE = OnePiece.class.getName();

    private final Request request;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    OnePiece(Request request) {
        this.request = request;
    }

    /** Whether the answer to a request must be in one piece. */
    static boolean isDemanded(Request request) {
        return request.getAttribute(ATTRIBUTE) != null;
    }

    void add(ByteBuffer more) {
        byte[] added = BufferUtil.toArray(more);
        BufferUtil.clear(more);
        bytes.writeBytes(added);
    }

    /** All of it, after making sure that the kernel takes it at once. */
    ByteBuffer toBuffer() {
        SendBuffer.own(request).ifPresent(endPoint -> SendBuffer.enlarge(endPoint, bytes.size()));
        return ByteBuffer.wrap(bytes.toByteArray());
    }
}
