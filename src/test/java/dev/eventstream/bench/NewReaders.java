package dev.eventstream.bench;

import dev.eventstream.RawHttp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Readers who arrive one after the other, each from a different address, and leave at once: how long each waits for its
 * {@code stream-open}. Confined to the thread that runs it, except {@link #stop} and {@link #take}.
 */
final class NewReaders implements Runnable {
    private final int port;
    private volatile boolean stopping;

    // guarded by this
    private List<Double> milliseconds = new ArrayList<>();
    private int refused;

    NewReaders(int port) {
        this.port = port;
    }

    /** The waits, sorted, and how many were refused. */
    record Waits(List<Double> milliseconds, int refused) {
        double share(double share) {
            return milliseconds.isEmpty() ? Double.NaN : milliseconds.get((int) ((milliseconds.size() - 1) * share));
        }
    }

    @Override
    public void run() {
        try {
            for (int i = 0; !stopping; i++) {
                open(i);
                TimeUnit.MILLISECONDS.sleep(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void open(int number) {
        long start = System.nanoTime();
        try (RawHttp client = new RawHttp(port)) {
            client.send(RawHttp.request(
                    "GET",
                    "/events?channel=load",
                    "Accept: text/event-stream",
                    "X-Forwarded-For: 198.51." + number / 256 % 256 + '.' + number % 256));
            note(client.readUntil("data: ").contains("stream-open") ? System.nanoTime() - start : -1);
        } catch (IOException e) {
            note(-1);
        }
    }

    private synchronized void note(long nanos) {
        if (nanos < 0) {
            refused++;
        } else {
            milliseconds.add(nanos / 1e6);
        }
    }

    synchronized Waits take() {
        List<Double> sorted = milliseconds;
        Collections.sort(sorted);
        Waits waits = new Waits(sorted, refused);
        milliseconds = new ArrayList<>();
        refused = 0;
        return waits;
    }

    void stop() {
        stopping = true;
    }
}
