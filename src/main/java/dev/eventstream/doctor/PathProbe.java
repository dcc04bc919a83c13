package dev.eventstream.doctor;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One stream that is read through everything between a client and the service. Keeps only its beginning and its newest bytes.
 *
 * <p>The client's threads read; one other thread asks.
 */
final class PathProbe implements AutoCloseable {
    private static final Pattern CONDITION =
            Pattern.compile("event: stream-error\ndata: \\{\"condition\":\"([a-z-]{1,40})\"");
    private static final int MAX_KEPT = 1 << 12;
    private static final Duration BEGINNING = Duration.ofSeconds(1);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private final CompletableFuture<ResponseInfo> head = new CompletableFuture<>();
    private final CompletableFuture<?> exchange;

    // guarded by this
    private final StringBuilder newest = new StringBuilder();
    private boolean isOpen;
    private boolean hasKeepAlive;
    private boolean hasEnded;
    private String refusal = "";
    private long openedNanos;
    private long newestNanos;
    private long endedNanos;

    private PathProbe(HttpRequest request) {
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();
        exchange = client.sendAsync(request, body());
        CompletableFuture<?> unused = exchange.whenComplete((nothing, failure) -> ended(failure));
    }

    /**
     * Sends the request of a client that reads a stream.
     *
     * @param headers names and values, as the client sends them
     * @throws IllegalArgumentException if the address or a header cannot be used
     */
    static PathProbe open(URI address, List<Map.Entry<String, String>> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).header("Accept", "text/event-stream");
        headers.forEach(header -> request.header(header.getKey(), header.getValue()));
        return new PathProbe(request.build());
    }

    private BodyHandler<Void> body() {
        return info -> {
            head.complete(info);
            return BodySubscribers.ofByteArrayConsumer(bytes -> bytes.ifPresent(this::received));
        };
    }

    private synchronized void received(byte[] bytes) {
        newest.append(new String(bytes, StandardCharsets.ISO_8859_1));
        newestNanos = System.nanoTime();
        if (!isOpen && newest.indexOf("event: stream-open") >= 0) {
            isOpen = true;
            openedNanos = newestNanos;
        }
        Matcher condition = CONDITION.matcher(newest);
        if (condition.find()) {
            refusal = condition.group(1);
        }
        hasKeepAlive |= newest.indexOf("event: keep-alive") >= 0;
        if (newest.length() > MAX_KEPT) {
            newest.delete(0, newest.length() - "event: keep-alive".length());
        }
        notifyAll();
    }

    private synchronized void ended(@Nullable Throwable failure) {
        hasEnded = true;
        endedNanos = System.nanoTime();
        head.completeExceptionally(failure == null ? new IllegalStateException("no head") : failure);
        notifyAll();
    }

    /** The status and headers; empty if none arrive within the limit. */
    Optional<ResponseInfo> head(Duration limit) throws InterruptedException, ExecutionException {
        return Optional.ofNullable(head.completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
                .get());
    }

    /** Whether the first event of a stream arrives within the limit. */
    synchronized boolean awaitOpen(Duration limit) throws InterruptedException {
        await(() -> isOpen || hasEnded, limit);
        return isOpen;
    }

    /**
     * Waits for a keep-alive.
     *
     * @return whether one arrives within the limit, or whether the stream was so busy that it needed none
     */
    synchronized boolean awaitKeepAlive(Duration limit) throws InterruptedException {
        await(() -> hasKeepAlive || hasEnded, limit);
        boolean isBusy = newestNanos - openedNanos > BEGINNING.toNanos();
        return hasKeepAlive || (isBusy && !hasEnded);
    }

    /** The condition with which the service refused the stream; empty if it did not. */
    synchronized String refusal() {
        return refusal;
    }

    synchronized boolean hasEnded() {
        return hasEnded;
    }

    /** How long after its first event the stream ended; empty if it is still open. */
    synchronized Optional<Duration> life() {
        return hasEnded ? Optional.of(Duration.ofNanos(endedNanos - openedNanos)) : Optional.empty();
    }

    private void await(BooleanSupplier condition, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        long left = limit.toNanos();
        while (!condition.getAsBoolean() && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = end - System.nanoTime();
        }
    }

    @Override
    public void close() {
        exchange.cancel(true);
    }
}
