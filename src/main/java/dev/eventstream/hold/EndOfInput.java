package dev.eventstream.hold;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Notices that an HTTP/1 client has gone while nothing is being written to it. A client has nothing to send during a streamed
 * response, so any input, and above all its end, ends the stream. Input is lost, so the connection must not be used
 * again: the response has the header {@code Connection: close}.
 */
final class EndOfInput implements Callback {
    private static final int ANY_BYTES = 16;

    private final EndPoint endPoint;
    private final Consumer<Throwable> gone;

    EndOfInput(EndPoint endPoint, Consumer<Throwable> gone) {
        this.endPoint = endPoint;
        this.gone = gone;
    }

    void watch() {
        endPoint.tryFillInterested(this);
    }

    @Override
    public void succeeded() {
        try {
            ByteBuffer bytes = BufferUtil.allocate(ANY_BYTES);
            if (endPoint.fill(bytes) == 0) {
                watch();
            } else {
                gone.accept(new EOFException("the client has closed the connection"));
            }
        } catch (Throwable e) { // otherwise a client that has gone would go unnoticed
            gone.accept(e);
        }
    }

    @Override
    public void failed(Throwable failure) {
        gone.accept(failure);
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
