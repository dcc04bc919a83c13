package dev.eventstream.hold;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, on the way from Jetty to the servlets. If the answer is to be held, Jetty does not see
 * its end: the last write is passed on as one that is not the last, and the stream begins instead of the completion. Status and
 * headers leave with the first bytes of the stream.
 *
 * <p>Confined to Jetty's thread for the exchange until the stream begins.
 */
final class Exchange extends Response.Wrapper implements Callback {
    private final Callback callback;
    private final Holder holder;
    private boolean decided;
    private @Nullable HeldAnswer held;
    private @Nullable OnePiece piece;

    /** Continues an answer that is to be held, once its servlets are done with it. */
    @FunctionalInterface
    interface Holder {
        /**
         * Holds the exchange.
         *
         * @param callback ends the exchange
         */
        void hold(HeldAnswer answer, Request request, Response response, Callback callback);
    }

    Exchange(Request request, Response response, Callback callback, Holder holder) {
        super(request, response);
        this.callback = callback;
        this.holder = holder;
    }

    @Override
    public void write(boolean last, ByteBuffer bytes, Callback written) {
        if (OnePiece.isDemanded(getRequest())) {
            gather(last, bytes, written);
        } else {
            pass(last, bytes, written);
        }
    }

    private void gather(boolean last, ByteBuffer bytes, Callback written) {
        OnePiece all = piece == null ? new OnePiece(getRequest()) : piece;
        piece = all;
        all.add(bytes);
        if (last) {
            pass(true, all.toBuffer(), written);
        } else {
            written.succeeded();
        }
    }

    private void pass(boolean last, ByteBuffer bytes, Callback written) {
        if (!last || held().isEmpty()) {
            if (last) { // before the client can send its next request
                ExchangeEnd.run(getRequest());
            }
            super.write(last, bytes, written);
            return;
        }
        if (!isCommitted()) {
            begin(getHeaders());
        }
        if (BufferUtil.hasContent(bytes)) {
            super.write(false, bytes, written);
        } else {
            written.succeeded();
        }
    }

    private void begin(HttpFields.Mutable headers) {
        headers.remove(HttpHeader.CONTENT_LENGTH);
        // GzipHandler would buffer the stream if an application's excludedMimeTypes lacks text/event-stream;
        // it ignores responses that have an encoding already
        headers.put(HttpHeader.CONTENT_ENCODING, "identity");
        if (getRequest().getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
            // EndOfInput would take the beginning of the client's next request
            headers.put(HttpFields.CONNECTION_CLOSE);
            // otherwise nothing would distinguish the end of the stream from a broken connection
            headers.put(HttpHeader.TRANSFER_ENCODING, HttpHeaderValue.CHUNKED);
        }
    }

    @Override
    public void succeeded() {
        held().ifPresentOrElse(
                        answer -> holder.hold(answer, getRequest(), getWrapped(), callback), callback::succeeded);
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
            if (mayHold() && getRequest().getAttribute(HeldAnswer.ATTRIBUTE) instanceof HeldAnswer answer) {
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
