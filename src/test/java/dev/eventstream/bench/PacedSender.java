package dev.eventstream.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventstream.ServiceProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Posts events to one channel at a fixed rate, one after the other, on a separate thread. If a post takes longer than the interval,
 * the next one follows at once.
 *
 * <p>Thread-safe.
 */
final class PacedSender implements AutoCloseable {
    private final String channel;
    private final Supplier<ServiceProcess> target;
    private final Supplier<String> data;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "sender"));

    // guarded by this
    private final List<Double> millis = new ArrayList<>();
    private String newest = "";
    private int failures;

    /**
     * @param target the service that gets the next event
     * @param data the data of the next event
     */
    PacedSender(String channel, Supplier<ServiceProcess> target, Supplier<String> data) {
        this.channel = channel;
        this.target = target;
        this.data = data;
    }

    void start(int perSecond) {
        Future<?> unused = thread.scheduleAtFixedRate(this::send, 0, 1_000_000_000L / perSecond, TimeUnit.NANOSECONDS);
    }

    /** Stops sending; returns whether the last post ended in time. */
    boolean stop(Duration patience) throws InterruptedException {
        thread.shutdown();
        return thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void send() {
        long start = System.nanoTime();
        try {
            String answer = target.get().publish(channel, data.get());
            succeeded(new ObjectMapper().readTree(answer).path("id").asText(), (System.nanoTime() - start) / 1e6);
        } catch (Exception e) {
            failed();
        }
    }

    private synchronized void succeeded(String id, double milliseconds) {
        newest = id;
        millis.add(milliseconds);
    }

    private synchronized void failed() {
        failures++;
    }

    /** The id of the newest event; empty if there is none. */
    synchronized String newestId() {
        return newest;
    }

    /** Posts that failed. */
    synchronized int failures() {
        return failures;
    }

    /** How long the posts that succeeded since the last call took, sorted. */
    synchronized List<Double> takeMillis() {
        List<Double> sorted = millis.stream().sorted().toList();
        millis.clear();
        return sorted;
    }
}
