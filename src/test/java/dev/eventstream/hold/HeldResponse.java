package dev.eventstream.hold;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A response whose writes complete when the test says so. Confined to one thread. */
class HeldResponse implements Response {
    final List<ByteBuffer> writes = new ArrayList<>();
    private final Deque<Callback> pending = new ArrayDeque<>();
    private boolean completesAtOnce;
    private @Nullable Throwable thrown;

    /** Makes every write complete before it returns. */
    HeldResponse completingAtOnce() {
        completesAtOnce = true;
        return this;
    }

    /** Makes the next writes throw. */
    void throwing(Throwable failure) {
        thrown = failure;
    }

    @Override
    public void write(boolean last, ByteBuffer bytes, Callback callback) {
        if (thrown instanceof Error error) {
            throw error;
        } else if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (last) {
            throw new AssertionError("a held stream has no last write");
        }
        writes.add(bytes);
        if (completesAtOnce) {
            callback.succeeded();
        } else {
            pending.add(callback);
        }
    }

    /** The client takes the oldest write. */
    HeldResponse taken() {
        pending.remove().succeeded();
        return this;
    }

    /** The client takes everything, including further writes. */
    HeldResponse allTaken() {
        while (isWriting()) {
            taken();
        }
        return this;
    }

    /** The oldest write fails. */
    void fails(Throwable failure) {
        pending.remove().failed(failure);
    }

    boolean isWriting() {
        return !pending.isEmpty();
    }

    /** Everything that was written, as text. */
    String text() {
        StringBuilder text = new StringBuilder();
        writes.forEach(bytes -> text.append(StandardCharsets.UTF_8.decode(bytes.duplicate())));
        return text.toString();
    }

    @Override
    public Request getRequest() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int getStatus() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setStatus(int code) {
        throw new UnsupportedOperationException();
    }

    @Override
    public HttpFields.Mutable getHeaders() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Supplier<HttpFields> getTrailersSupplier() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setTrailersSupplier(Supplier<HttpFields> trailers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isCommitted() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean hasLastWrite() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isCompletedSuccessfully() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void reset() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> writeInterim(int status, HttpFields headers) {
        throw new UnsupportedOperationException();
    }
}
