package dev.eventstream.bench;

import dev.eventstream.ServiceProcess;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Keeps asking a service for its health. Start it on a thread; call the other methods from any thread. */
final class HealthWatch implements Runnable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ServiceProcess service;
    private volatile boolean stopping;

    // guarded by this
    private int green;
    private int red;
    private long longestNanos;
    private String firstTrouble = "";

    HealthWatch(ServiceProcess service) {
        this.service = service;
    }

    @Override
    public void run() {
        try {
            while (!stopping) {
                long start = System.nanoTime();
                note(service.trouble(PATIENCE), System.nanoTime() - start);
                TimeUnit.MILLISECONDS.sleep(500);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void note(String trouble, long nanos) {
        longestNanos = Math.max(longestNanos, nanos);
        if (trouble.isEmpty()) {
            green++;
        } else {
            red++;
            firstTrouble = firstTrouble.isEmpty() ? trouble : firstTrouble;
        }
    }

    void stop() {
        stopping = true;
    }

    synchronized boolean wasGreen() {
        return green > 0 && red == 0;
    }

    @Override
    public synchronized String toString() {
        return "health green " + green + " times, not green " + red + " times, slowest answer "
                + longestNanos / 1_000_000 + " ms" + (firstTrouble.isEmpty() ? "" : ", first trouble: " + firstTrouble);
    }
}
