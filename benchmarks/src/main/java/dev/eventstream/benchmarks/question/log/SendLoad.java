package dev.eventstream.benchmarks.question.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Threads that send as fast as they can, each to a random channel.
 *
 * @param batch events in each send
 */
record SendLoad(int senders, int channels, int batch) {
    /** Sends; blocks until the events are durable. */
    @FunctionalInterface
    interface Sending {
        void send(String channel) throws Exception;
    }

    /**
     * What a load achieved.
     *
     * @param nanos of each send
     */
    record Sent(long events, double perSecond, Histogram nanos) {
        double micros(double percentile) {
            return nanos.getValueAtPercentile(percentile) / 1e3;
        }
    }

    /** Such as {@code 16 senders, 1 channel} or {@code 64 senders, 1,000 channels, sendAll(100)}. */
    String title() {
        return count(senders, "sender") + ", " + count(channels, "channel")
                + (batch == 1 ? "" : ", sendAll(" + batch + ")");
    }

    private static String count(int number, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
    }

    static String channel(int number) {
        return "channel-" + number;
    }

    /** Sends for a time. */
    Sent run(Sending sending, Duration duration) throws Exception {
        Histogram nanos = new ConcurrentHistogram(3);
        AtomicLong sends = new AtomicLong();
        ExecutorService threads = Executors.newFixedThreadPool(senders);
        try {
            CountDownLatch ready = new CountDownLatch(senders);
            CountDownLatch go = new CountDownLatch(1);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < senders; i++) {
                all.add(threads.submit(() -> {
                    ready.countDown();
                    go.await();
                    sends.addAndGet(sendUntil(System.nanoTime() + duration.toNanos(), sending, nanos));
                    return null;
                }));
            }
            ready.await();
            long start = System.nanoTime();
            go.countDown();
            for (Future<?> one : all) {
                one.get();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            long events = sends.get() * batch;
            return new Sent(events, events / seconds, nanos);
        } finally {
            threads.shutdown();
        }
    }

    private long sendUntil(long end, Sending sending, Histogram nanos) throws Exception {
        long sent = 0;
        for (long before = System.nanoTime(); before - end < 0; sent++) {
            sending.send(channel(ThreadLocalRandom.current().nextInt(channels)));
            long after = System.nanoTime();
            nanos.recordValue(after - before);
            before = after;
        }
        return sent;
    }
}
