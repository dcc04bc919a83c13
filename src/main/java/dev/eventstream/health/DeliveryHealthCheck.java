package dev.eventstream.health;

import com.codahale.metrics.Timer;
import com.codahale.metrics.health.HealthCheck;
import com.google.common.base.Ticker;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that an event arrives: opens a stream through the proxy as a client does, sends an event, and waits for it. This
 * covers the whole path (proxy, origin, control port and back), so the cause of a failure need not be the proxy.
 *
 * <p>Each check opens a stream and sends a few events at most; leave it off if checks are frequent. A stream that ends is opened once
 * more, because Pushpin drops some right after it has accepted them ("received message out of sequence, canceling" in its log). A check
 * ends within the limit. Thread-safe.
 */
public final class DeliveryHealthCheck extends HealthCheck {
    private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryHealthCheck.class);

    // the proxy may pass the answer on just before it holds the stream, and an unstored event sent in between is lost
    private static final Duration AGAIN_AFTER = Duration.ofMillis(500);

    private final HttpClient http;
    private final String proxy;
    private final URI stream;
    private final Consumer<String> publish;
    private final Duration limit;
    private final String configuredAt;
    private final Ticker ticker;
    private final Timer latency;

    /**
     * @param proxy the proxy's name
     * @param stream the public address, through the proxy, of a stream of a channel that only this check uses
     * @param publish sends an event to that channel whose data is the given text of letters, digits and {@code -}
     * @param limit the time limit of the whole check
     * @param configuredAt the YAML key of the address
     * @param ticker measures that time
     * @param latency receives how long each event took that arrived
     */
    public DeliveryHealthCheck(
            String proxy,
            URI stream,
            Consumer<String> publish,
            Duration limit,
            String configuredAt,
            Ticker ticker,
            Timer latency) {
        this.proxy = proxy;
        this.stream = stream;
        this.publish = publish;
        this.limit = limit;
        this.configuredAt = configuredAt;
        this.ticker = ticker;
        this.latency = latency;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(limit)
                .executor(Runnable::run)
                .build();
    }

    /** The name under which it is registered. */
    public String name() {
        return "eventstream-delivery-" + proxy;
    }

    @Override
    protected Result check() throws InterruptedException {
        long deadline = ticker.read() + limit.toNanos();
        try {
            return attempt(deadline);
        } catch (ExecutionException e) {
            LOGGER.debug("The stream through {} is opened once more", shown(), e.getCause());
        }
        try {
            return attempt(deadline);
        } catch (ExecutionException e) {
            return unhealthy(String.valueOf(e.getCause()));
        }
    }

    /**
     * Opens a stream and sends an event through it.
     *
     * @throws ExecutionException if the stream does not open, or ends
     */
    private Result attempt(long deadline) throws InterruptedException, ExecutionException {
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
            lines.awaitOpen(deadline - ticker.read());
            return sendAndWait(lines, deadline);
        } catch (TimeoutException e) {
            return unhealthy("nothing came on the stream within " + limit.toMillis() + " ms");
        } finally {
            lines.close();
            response.cancel(true);
        }
    }

    private Result sendAndWait(EventLines lines, long deadline) throws InterruptedException, ExecutionException {
        long sent = ticker.read();
        int sends = 0;
        for (long left = deadline - sent; left > 0; left = deadline - ticker.read()) {
            publish.accept(lines.mark());
            sends++;
            try {
                lines.awaitMark(Math.min(left, AGAIN_AFTER.toNanos()));
                long nanos = ticker.read() - sent;
                latency.update(nanos, TimeUnit.NANOSECONDS);
                return Result.healthy(
                        "an event took %d ms from here through %s to a client, sent %d time(s)",
                        TimeUnit.NANOSECONDS.toMillis(nanos), shown(), sends);
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
