package dev.eventstream.hold;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Writes a stream to its response. Confined to its stream's writer. */
final class ResponseOutput implements StreamWriter.Output {
    private final Response response;

    ResponseOutput(Response response) {
        this.response = response;
    }

    @Override
    public boolean writeNext(StreamWriter.Source source, Callback written) {
        ByteBuffer next = source.nextWrite();
        if (!next.hasRemaining()) {
            return false;
        }
        response.write(false, next, written);
        return true;
    }
}
