package dev.eventstream.health;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the first line of a stream, and for a line that contains a mark.
 *
 * <p>Thread-safe.
 */
final class EventLines implements Flow.Subscriber<String> {
    private final String mark;
    private final CompletableFuture<Void> open = new CompletableFuture<>();
    private final CompletableFuture<Void> marked = new CompletableFuture<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean closed;

    EventLines(String mark) {
        this.mark = mark;
    }

    String mark() {
        return mark;
    }

    void awaitOpen(long nanos) throws InterruptedException, ExecutionException, TimeoutException {
        open.get(nanos, TimeUnit.NANOSECONDS);
    }

    void awaitMark(long nanos) throws InterruptedException, ExecutionException, TimeoutException {
        marked.get(nanos, TimeUnit.NANOSECONDS);
    }

    /** The answer is not a stream. */
    BodySubscriber<Void> refused(int status) {
        fail(new IOException("it was answered " + status));
        return BodySubscribers.discarding();
    }

    /** The request has ended, with or without a failure. */
    void ended(@Nullable Throwable failure) {
        fail(failure == null ? new IOException("the stream ended") : failure);
    }

    void close() {
        closed = true;
        Flow.Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription toStream) {
        subscription = toStream;
        if (closed) {
            toStream.cancel();
        } else {
            toStream.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(String line) {
        open.complete(null);
        if (line.contains(mark)) {
            marked.complete(null);
        }
    }

    @Override
    public void onError(Throwable failure) {
        fail(failure);
    }

    @Override
    public void onComplete() {
        fail(new IOException("the stream ended"));
    }

    private void fail(Throwable failure) {
        open.completeExceptionally(failure);
        marked.completeExceptionally(failure);
    }
}
