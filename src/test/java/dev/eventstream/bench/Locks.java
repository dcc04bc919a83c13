package dev.eventstream.bench;

import static dev.eventstream.bench.Programs.print;

import ch.qos.logback.classic.Level;
import com.codahale.metrics.MetricRegistry;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.NewEvent;
import dev.eventstream.publisher.Announcements;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.store.jdbi.JdbiEventStore;
import dev.eventstream.store.jdbi.JdbiStoreTransaction;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.logging.common.BootstrapLogging;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Sends to other channels while an application's transaction keeps one channel locked and senders wait for it. Also tries a
 * send that would wait for the lock of the same thread.
 */
public final class Locks {
    private static final int CHANNELS = 10;
    private static final int EVENTS = 1_000;
    private static final int PER_SECOND = 200;
    private static final int SENDERS = 8;
    private static final Duration HELD = Duration.ofSeconds(8);
    private static final String LOCKED = "ha";

    private final Jdbi jdbi;
    private final EventPublisher publisher;

    private Locks(ManagedDataSource dataSource) {
        this.jdbi = Jdbi.create(dataSource);
        MetricRegistry metrics = new MetricRegistry();
        this.publisher = new EventPublisher(
                new JdbiEventStore(jdbi, Clock.systemUTC(), false),
                new StoredChannels(List.of()),
                new Announcements(List.of(), metrics),
                1_000,
                metrics);
    }

    /** Argument: {@code --database h2|postgresql|mariadb}, by default h2. */
    public static void main(String[] arguments) throws Exception {
        // the logging of a driver would be measured too
        BootstrapLogging.bootstrap(Level.ERROR);
        String database = new Arguments(arguments, "--database").text("--database", "h2");
        print(
                "%s, %d events at %d a second, a lock of %d s, %d senders waiting for it",
                database, EVENTS, PER_SECOND, HELD.toSeconds(), SENDERS);
        BenchDatabase.use(database, SENDERS + 2, dataSource -> new Locks(dataSource).run());
    }

    private void run() throws Exception {
        publisher.send(List.of(event(LOCKED)));
        send();
        long[] without = send();
        print("without a lock: %s", text(without));
        long[] with = sendWhileLocked();
        print("with the lock:  %s", text(with));
        print(
                "ratio: p50 %.2f, p99 %.2f, max %.2f",
                at(with, 0.5) / at(without, 0.5), at(with, 0.99) / at(without, 0.99), at(with, 1) / at(without, 1));
        sendToItself();
    }

    private long[] sendWhileLocked() throws Exception {
        ExecutorService blocked = Executors.newFixedThreadPool(SENDERS);
        List<Future<Long>> waiting = new ArrayList<>();
        long[] nanos;
        try (Handle handle = jdbi.open()) {
            handle.begin();
            publisher.send(new JdbiStoreTransaction(handle), List.of(event(LOCKED)));
            long start = System.nanoTime();
            for (int i = 0; i < SENDERS; i++) {
                waiting.add(blocked.submit(() -> {
                    publisher.send(List.of(event(LOCKED)));
                    return System.nanoTime() - start;
                }));
            }
            TimeUnit.MILLISECONDS.sleep(500);
            nanos = send();
            if (waiting.stream().anyMatch(Future::isDone)) {
                throw new IllegalStateException("a sender did not wait for the lock");
            }
            TimeUnit.NANOSECONDS.sleep(HELD.toNanos() - (System.nanoTime() - start));
            handle.commit();
        }
        long[] waited = new long[SENDERS];
        for (int i = 0; i < SENDERS; i++) {
            waited[i] = waiting.get(i).get(1, TimeUnit.MINUTES);
        }
        blocked.shutdown();
        Arrays.sort(waited);
        print(
                "senders to the locked channel: stored %.0f to %.0f ms after the transaction had begun",
                at(waited, 0), at(waited, 1));
        return nanos;
    }

    private void sendToItself() {
        try (Handle handle = jdbi.open()) {
            handle.begin();
            publisher.send(new JdbiStoreTransaction(handle), List.of(event(LOCKED)));
            long start = System.nanoTime();
            try {
                publisher.send(List.of(event(LOCKED)));
                print("self-send: stored, which must not happen");
            } catch (IllegalStateException e) {
                print(
                        "self-send: refused after %.1f ms: %s",
                        (System.nanoTime() - start) / 1e6, String.valueOf(e.getMessage()));
            }
            handle.rollback();
        }
    }

    /** Sends at a steady pace. The delay of a send that begins late counts. */
    private long[] send() throws Exception {
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        List<Future<Long>> sends = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < EVENTS; i++) {
            long due = start + i * 1_000_000_000L / PER_SECOND;
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            NewEvent event = event("hz-" + i % CHANNELS);
            sends.add(senders.submit(() -> {
                publisher.send(List.of(event));
                return System.nanoTime() - due;
            }));
        }
        long[] nanos = new long[EVENTS];
        for (int i = 0; i < EVENTS; i++) {
            nanos[i] = sends.get(i).get(1, TimeUnit.MINUTES);
        }
        senders.shutdown();
        Arrays.sort(nanos);
        return nanos;
    }

    private static NewEvent event(String channel) {
        return NewEvent.text(channel, "message", "x".repeat(200));
    }

    private static double at(long[] sorted, double quantile) {
        return sorted[(int) (quantile * (sorted.length - 1))] / 1e6;
    }

    private static String text(long[] sorted) {
        return String.format(
                Locale.ROOT, "send p50=%.2f p99=%.2f max=%.1f ms", at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
    }
}
