package dev.eventstream.bench;

import static dev.eventstream.bench.Programs.print;

import ch.qos.logback.classic.Level;
import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Ticker;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.StoredChannels;
import dev.eventstream.event.EventId;
import dev.eventstream.event.NewEvent;
import dev.eventstream.publisher.Announcements;
import dev.eventstream.publisher.EventPublisher;
import dev.eventstream.retention.Retention;
import dev.eventstream.retention.RetentionRules;
import dev.eventstream.store.PageLimit;
import dev.eventstream.store.jdbi.JdbiEventStore;
import dev.eventstream.store.jdbi.JdbiLease;
import dev.eventstream.store.testing.SettableClock;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.logging.common.BootstrapLogging;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;

/**
 * Sends to a large log, without and with a trim that has to remove all of it. The three phases do not differ otherwise; the
 * first and the last are controls for each other.
 */
public final class LargeLog {
    private static final int CHANNELS = 100;
    private static final int BATCH = 1_000;
    private static final int PER_SECOND = 500;
    private static final int SENDERS = 16;
    private static final int DATA_CHARACTERS = 200;
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final SettableClock clock = new SettableClock();
    private final Jdbi jdbi;
    private final JdbiEventStore store;
    private final EventPublisher publisher;
    private final int events;
    private final int seconds;

    private LargeLog(ManagedDataSource dataSource, int events, int seconds) {
        this.jdbi = Jdbi.create(dataSource);
        this.store = new JdbiEventStore(jdbi, clock, false);
        MetricRegistry metrics = new MetricRegistry();
        this.publisher = new EventPublisher(
                store, new StoredChannels(List.of()), new Announcements(List.of(), metrics), DATA_CHARACTERS, metrics);
        this.events = events;
        this.seconds = seconds;
    }

    /** Arguments: {@code --events N --database h2|postgresql|mariadb --seconds N}, all with defaults. */
    public static void main(String[] arguments) throws Exception {
        // the logging of a driver would be measured too
        BootstrapLogging.bootstrap(Level.WARN);
        Arguments options = new Arguments(arguments, "--events", "--seconds", "--database");
        int events = options.number("--events", 1_000_000);
        int seconds = options.number("--seconds", 20);
        String database = options.text("--database", "h2");
        print("%s, %d events, %d sends a second, %d s a phase", database, events, PER_SECOND, seconds);
        BenchDatabase.use(database, SENDERS + 2, dataSource -> new LargeLog(dataSource, events, seconds).run());
    }

    private void run() throws Exception {
        fill();
        send(Duration.ofSeconds(3));
        Latencies before = send(Duration.ofSeconds(seconds));
        print("not trimming:   %s", before);
        Latencies during = sendWhileTrimming();
        Latencies after = send(Duration.ofSeconds(seconds));
        print("afterwards:     %s", after);
        print(
                "ratio of trimming to the mean of the two: p50 %.2f, p99 %.2f",
                during.p50() * 2 / (before.p50() + after.p50()), during.p99() * 2 / (before.p99() + after.p99()));
    }

    private void fill() {
        long start = System.nanoTime();
        for (int from = 0; from < events; from += BATCH) {
            store.append(IntStream.range(from, Math.min(events, from + BATCH))
                    .mapToObj(LargeLog::event)
                    .toList());
            clock.advance(Duration.ofMillis(100));
        }
        clock.advance(Duration.ofHours(1));
        double elapsed = (System.nanoTime() - start) / 1e9;
        print("filled in %.0f s, %.0f events a second", elapsed, events / elapsed);
        long read = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            ChannelName channel = new ChannelName("channel-" + i % CHANNELS);
            EventId newest = store.newest(List.of(channel)).getOrDefault(channel, EventId.NONE);
            store.readAfter(
                    channel,
                    new EventId(newest.epoch(), Math.max(1, newest.sequence() / 2)),
                    new PageLimit(100, 1_000_000));
        }
        print("a page of 100 from the middle of a channel: %.1f ms", (System.nanoTime() - read) / 1e8);
    }

    private static NewEvent event(int i) {
        return NewEvent.text("channel-" + i % CHANNELS, "message", "x".repeat(DATA_CHARACTERS));
    }

    private Latencies sendWhileTrimming() throws Exception {
        ExecutorService trimmer = Executors.newSingleThreadExecutor();
        long before = trimmed();
        Retention retention = new Retention(
                store,
                new JdbiLease(jdbi, clock),
                clock,
                Ticker.systemTicker(),
                new RetentionRules(KEPT, List.of()),
                Duration.ofHours(1),
                new MetricRegistry());
        Future<?> trimming = trimmer.submit(retention);
        Latencies latencies = send(Duration.ofSeconds(seconds));
        boolean ranOut = trimming.isDone();
        // waits for the batch under way
        trimmer.shutdownNow();
        if (!trimmer.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("the trim did not end");
        }
        print(
                "while trimming: %s; %d events trimmed%s",
                latencies, trimmed() - before, ranOut ? ", all of them before the phase ended" : "");
        return latencies;
    }

    private long trimmed() {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT SUM(trimmed_through) FROM eventstream_channel")
                .mapTo(Long.class)
                .one());
    }

    /** Sends at a steady pace. The delay of a send that begins late counts. */
    private Latencies send(Duration duration) throws Exception {
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        List<Future<Long>> sends = new ArrayList<>();
        long start = System.nanoTime();
        long count = duration.toSeconds() * PER_SECOND;
        for (int i = 0; i < count; i++) {
            long due = start + i * 1_000_000_000L / PER_SECOND;
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            NewEvent event = event(i);
            sends.add(senders.submit(() -> {
                publisher.send(List.of(event));
                return System.nanoTime() - due;
            }));
        }
        long[] nanos = new long[sends.size()];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = sends.get(i).get(1, TimeUnit.MINUTES);
        }
        senders.shutdown();
        Arrays.sort(nanos);
        return new Latencies(nanos);
    }

    private record Latencies(long[] sorted) {
        double p50() {
            return milliseconds(0.5);
        }

        double p99() {
            return milliseconds(0.99);
        }

        private double milliseconds(double quantile) {
            return sorted[(int) (quantile * (sorted.length - 1))] / 1e6;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "send p50=%.2f p99=%.2f max=%.1f ms", p50(), p99(), milliseconds(1));
        }
    }
}
