package dev.eventstream.health;

import com.codahale.metrics.health.HealthCheck;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Whether an event arrives: opens a stream through the proxy as a client does, has an event sent, and waits for it. That takes
 * the whole way - proxy, origin, control port and back - so it also fails for reasons that are not the proxy's.
 *
 * <p>Each check opens one stream and sends one to a few events: leave it off where checks come often. Thread-safe. A check
 * ends within the limit.
 */
public final class DeliveryHealthCheck extends HealthCheck {
    // the answer may come a little before the proxy holds it, and what is sent in between is lost if it is not stored
    private static final Duration AGAIN_AFTER = Duration.ofMillis(500);

    private final HttpClient http;
    private final String proxy;
    private final URI stream;
    private final Consumer<String> publish;
    private final Duration limit;
    private final String configuredAt;

    /**
     * @param proxy its name
     * @param stream the public address, through the proxy, of a stream of a channel that only this check uses
     * @param publish sends an event to that channel with the given text, of letters, digits and {@code -}, in its data
     * @param limit how long the whole check may take
     * @param configuredAt the YAML key of the address
     */
    public DeliveryHealthCheck(
            String proxy, URI stream, Consumer<String> publish, Duration limit, String configuredAt) {
        this.proxy = proxy;
        this.stream = stream;
        this.publish = publish;
        this.limit = limit;
        this.configuredAt = configuredAt;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(limit)
                .executor(Runnable::run)
                .build();
    }

    /** What it is to be registered as. */
    public String name() {
        return "eventstream-delivery-" + proxy;
    }

    @Override
    protected Result check() throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        EventLines lines = new EventLines(UUID.randomUUID().toString());
        CompletableFuture<HttpResponse<Void>> response = http.sendAsync(
                HttpRequest.newBuilder(stream)
                        .header("Accept", "text/event-stream")
                        .timeout(limit)
                        .build(),
                info -> info.statusCode() == 200
                        ? BodySubscribers.fromLineSubscriber(lines)
                        : lines.refused(info.statusCode()));
        CompletableFuture<?> unused = response.whenComplete((done, failure) -> lines.ended(failure));
        try {
            lines.awaitOpen(deadline - System.nanoTime());
            return sendAndWait(lines, deadline);
        } catch (TimeoutException e) {
            return unhealthy("nothing came on the stream within " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            return unhealthy(String.valueOf(e.getCause()));
        } finally {
            lines.close();
            response.cancel(true);
        }
    }

    private Result sendAndWait(EventLines lines, long deadline) throws InterruptedException, ExecutionException {
        long sent = System.nanoTime();
        int sends = 0;
        for (long left = deadline - sent; left > 0; left = deadline - System.nanoTime()) {
            publish.accept(lines.mark());
            sends++;
            try {
                lines.awaitMark(Math.min(left, AGAIN_AFTER.toNanos()));
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sent);
                return Result.healthy(
                        "an event took %d ms from here through %s to a client, sent %d time(s)",
                        millis, shown(), sends);
            } catch (TimeoutException e) {
                // once more
            }
        }
        return unhealthy("the stream was open, but of " + sends + " event(s) sent none came within " + limit.toMillis()
                + " ms; look at eventstream-proxy-" + proxy + " first, then at the proxy's log");
    }

    private Result unhealthy(String seen) {
        return Result.unhealthy("a stream through %s: %s; see %s", shown(), seen, configuredAt);
    }

    private String shown() {
        return stream.getScheme() + "://" + stream.getHost() + (stream.getPort() < 0 ? "" : ":" + stream.getPort());
    }
}
