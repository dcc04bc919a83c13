package dev.eventstream.benchmarks.question.log;

import dev.eventstream.benchmarks.question.log.SendLoad.Sending;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Sends at a fixed rate, however slow the database is. If a send begins late because earlier ones are slow, it counts from the time at
 * which it should have begun. {@link #close} ends it.
 *
 * <p>Thread-safe.
 */
final class PacedSends implements AutoCloseable {
    private static final int THREADS = 32;

    private final Recorder nanos = new Recorder(3);
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final List<Future<?>> sending = new ArrayList<>();
    private volatile boolean isEnded;

    private PacedSends() {}

    /** Begins to send to random channels. */
    static PacedSends start(Sending sending, int channels, int perSecond) {
        PacedSends sends = new PacedSends();
        long start = System.nanoTime();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            sends.sending.add(sends.threads.submit(() -> {
                sends.run(sending, channels, start, thread, perSecond);
                return null;
            }));
        }
        return sends;
    }

    private void run(Sending send, int channels, long start, int thread, int perSecond) throws Exception {
        for (long i = thread; !isEnded; i += THREADS) {
            long due = start + i * 1_000_000_000L / perSecond;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            send.send(SendLoad.channel(ThreadLocalRandom.current().nextInt(channels)));
            nanos.recordValue(System.nanoTime() - due);
        }
    }

    /**
     * How long the sends took since the last call.
     *
     * @throws java.util.concurrent.ExecutionException if a send failed
     */
    Histogram take() throws Exception {
        for (Future<?> one : sending) {
            if (one.isDone()) {
                one.get();
            }
        }
        return nanos.getIntervalHistogram();
    }

    @Override
    public void close() {
        isEnded = true;
        threads.shutdown();
        for (Future<?> one : sending) {
            try {
                one.get();
            } catch (Exception e) {
                throw new IllegalStateException("a send failed", e);
            }
        }
    }
}
