package dev.eventstream.hold;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ContextResponse;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Writes a stream to its HTTP/1.1 connection itself, in chunks, most of which all streams of a cohort share. A write through the
 * response takes about twice the CPU, most of it for memory that is not in the processor's caches (decision 59).
 *
 * <p>The response only sends the headers, which promise chunks, and at the end the last chunk, which has no bytes. So it is
 * empty in the eyes of Jetty, and Jetty has nothing to add to the chunks in between.
 *
 * <p>Confined to its stream's writer.
 */
final class ConnectionOutput implements StreamWriter.Output {
    private final Response response;
    private final EndPoint endPoint;
    private boolean hasBegun;

    private ConnectionOutput(Response response, EndPoint endPoint) {
        this.response = response;
        this.endPoint = endPoint;
    }

    /**
     * The output for a response: the connection where {@link Exchange} promises chunks. A response with bytes of its resource gets every
     * write, because Jetty has begun to write chunks. So does a response that a handler of the application has wrapped, because the
     * wrapper may want to change or count the bytes.
     */
    static StreamWriter.Output of(Request request, Response response) {
        boolean hasChunks =
                request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1 && !response.isCommitted();
        Optional<EndPoint> own =
                hasChunks && isOnlyWrappedByContexts(response) ? SendBuffer.own(request) : Optional.empty();
        return own.<StreamWriter.Output>map(endPoint -> new ConnectionOutput(response, endPoint))
                .orElseGet(() -> new ResponseOutput(response));
    }

    private static boolean isOnlyWrappedByContexts(Response response) {
        Response inner = response;
        while (inner instanceof Response.Wrapper wrapper) {
            if (!(wrapper instanceof ContextResponse)) {
                return false;
            }
            inner = wrapper.getWrapped();
        }
        return true;
    }

    @Override
    public boolean writeNext(StreamWriter.Source source, Callback written) {
        if (!hasBegun) {
            hasBegun = true;
            response.write(false, BufferUtil.EMPTY_BUFFER, written);
            return true;
        }
        ByteBuffer[] next = source.nextChunk();
        if (next.length == 0) {
            return false;
        }
        endPoint.write(written, next);
        return true;
    }
}
