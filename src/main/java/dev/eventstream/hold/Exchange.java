package dev.eventstream.hold;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, on the way from Jetty to the servlets. If the answer is to be held, its end is kept from
 * Jetty: the last write becomes one that is not the last, and the completion becomes the beginning of the stream. Status
 * and headers leave with the first bytes of the stream.
 *
 * <p>Confined to the thread that Jetty has on the exchange, until the stream begins.
 */
final class Exchange extends Response.Wrapper implements Callback {
    private final HoldHandler handler;
    private final Callback callback;
    private boolean decided;
    private @Nullable HeldAnswer held;

    Exchange(HoldHandler handler, Request request, Response response, Callback callback) {
        super(request, response);
        this.handler = handler;
        this.callback = callback;
    }

    @Override
    public void write(boolean last, ByteBuffer bytes, Callback written) {
        if (!last || held().isEmpty()) {
            super.write(last, bytes, written);
            return;
        }
        if (!isCommitted()) {
            getHeaders().remove(HttpHeader.CONTENT_LENGTH);
            // GzipHandler would buffer the stream if an application's excludedMimeTypes lacks text/event-stream;
            // it leaves alone what has an encoding already
            getHeaders().put(HttpHeader.CONTENT_ENCODING, "identity");
        }
        if (BufferUtil.hasContent(bytes)) {
            super.write(false, bytes, written);
        } else {
            written.succeeded();
        }
    }

    @Override
    public void succeeded() {
        held().ifPresentOrElse(
                        answer -> handler.hold(answer, getRequest(), getWrapped(), callback), callback::succeeded);
    }

    @Override
    public void failed(Throwable failure) {
        callback.failed(failure);
    }

    @Override
    public InvocationType getInvocationType() {
        return callback.getInvocationType();
    }

    /** The answer if it is to be held; decided once, when it is about to end. */
    private Optional<HeldAnswer> held() {
        if (!decided) {
            decided = true;
            if (mayHold() && getRequest().getAttribute(HoldHandler.ANSWER) instanceof HeldAnswer answer) {
                held = answer;
            }
        }
        return Optional.ofNullable(held);
    }

    private boolean mayHold() {
        return getStatus() == HttpStatus.OK_200
                && !HttpMethod.HEAD.is(getRequest().getMethod());
    }
}
