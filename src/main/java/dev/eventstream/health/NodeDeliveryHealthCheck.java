package dev.eventstream.health;

import com.codahale.metrics.Timer;
import com.codahale.metrics.health.HealthCheck;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.subscriber.MarkSink;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Checks that an event arrives on this node: opens a stream within the process, sends an event, and waits for it. This covers the log and
 * the fan-out, but no network.
 *
 * <p>Checks at the same time share one event. A check ends within the limit. An event that still waits to be stored is not sent again, so
 * checks do not pile up in front of a slow database. Thread-safe.
 */
public final class NodeDeliveryHealthCheck extends HealthCheck {
    /** The name under which it is registered. */
    public static final String NAME = "eventstream-delivery";

    /** The channel of the events, on all nodes. */
    public static final ChannelName CHANNEL = new ChannelName("eventstream-delivery-check");

    private final Function<String, MarkSink> open;
    private final Consumer<String> send;
    private final Executor executor;
    private final Duration limit;
    private final Ticker ticker;
    private final Timer latency;

    // guarded by this
    private Attempt latest = new Attempt();

    /** One event on its way; the result is how many nanoseconds it took. */
    private static final class Attempt extends CompletableFuture<Long> {
        private volatile boolean isStored;
    }

    /**
     * @param open opens a stream of the channel, from now on, that waits for the given text of letters, digits and {@code -}
     * @param send sends an event with that text as its data; may block
     * @param executor runs one event at a time
     * @param limit the time limit of the whole check
     * @param ticker measures that time
     * @param latency receives how long each event took
     */
    public NodeDeliveryHealthCheck(
            Function<String, MarkSink> open,
            Consumer<String> send,
            Executor executor,
            Duration limit,
            Ticker ticker,
            Timer latency) {
        this.open = open;
        this.send = send;
        this.executor = executor;
        this.limit = limit;
        this.ticker = ticker;
        this.latency = latency;
        this.latest.complete(0L);
    }

    @Override
    protected Result check() throws InterruptedException {
        Attempt attempt = attempt();
        try {
            long nanos = attempt.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return Result.healthy(
                    "an event took %d ms from here through the log to a stream of this node",
                    TimeUnit.NANOSECONDS.toMillis(nanos));
        } catch (TimeoutException e) {
            return unhealthy(
                    attempt.isStored
                            ? "an event was stored, but did not reach a stream of this node within " + limit.toMillis()
                                    + " ms; look at eventstream-loops"
                            : "an event could not be stored within " + limit.toMillis()
                                    + " ms; look at eventstream-sends and eventstream-store");
        } catch (ExecutionException e) {
            return unhealthy("an event could not be sent, or did not arrive: " + e.getCause());
        }
    }

    private static Result unhealthy(String seen) {
        return Result.unhealthy("%s", seen);
    }

    private synchronized Attempt attempt() {
        if (latest.isDone()) {
            Attempt next = new Attempt();
            latest = next;
            try {
                executor.execute(() -> deliver(next));
            } catch (RejectedExecutionException e) { // the application stops
                next.completeExceptionally(e);
            }
        }
        return latest;
    }

    private void deliver(Attempt attempt) {
        String mark = UUID.randomUUID().toString();
        try (MarkSink stream = open.apply(mark)) {
            long sentNanos = ticker.read();
            send.accept(mark);
            attempt.isStored = true;
            stream.await(limit);
            long nanos = ticker.read() - sentNanos;
            latency.update(nanos, TimeUnit.NANOSECONDS);
            attempt.complete(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            attempt.completeExceptionally(e);
        } catch (Throwable e) { // later checks would wait for this attempt forever
            attempt.completeExceptionally(e);
        }
    }
}
