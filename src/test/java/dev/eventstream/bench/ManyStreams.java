package dev.eventstream.bench;

import static dev.eventstream.bench.Programs.print;

import dev.eventstream.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many direct streams of one channel: their cost, and whether streams that stop reading affect the others. The phase before they
 * stop is the control; nothing else differs.
 */
public final class ManyStreams {
    private static final String CHANNEL = "load";

    private final int streams;
    private final int perSecond;
    private final int seconds;

    private ManyStreams(int streams, int perSecond, int seconds) {
        this.streams = streams;
        this.perSecond = perSecond;
        this.seconds = seconds;
    }

    /** Arguments: streams, events a second, seconds of each phase; default 2000, 50, 20. */
    public static void main(String[] arguments) throws Exception {
        new ManyStreams(number(arguments, 0, 2000), number(arguments, 1, 50), number(arguments, 2, 20)).run();
    }

    private static int number(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private void run() throws Exception {
        Path directory = Files.createTempDirectory("many-streams");
        try (ServiceProcess service = ServiceProcess.start(directory, List.of("-Xmx512m", "-XX:+UseSerialGC"))) {
            print("%s", service.publish(CHANNEL, "warm up"));
            double heapBefore = heap(service);
            print(
                    "before: threads=%s heap=%.1f MB rss=%s",
                    service.status("Threads"), heapBefore, service.status("VmRSS"));
            Readers readers = new Readers(service.port(), CHANNEL, streams);
            Thread reading = new Thread(readers, "readers");
            reading.start();
            phase(service, readers, "small events, all read", 100, streams);
            double heap = heap(service);
            double perStream = (heap - heapBefore) * 1e6 / streams;
            Figures.printLowerIsBetter("heap of an idle stream", perStream, "bytes");
            print(
                    "held: streams=%.0f threads=%s heap=%.1f MB (%.0f bytes a stream) rss=%s",
                    service.metric("gauges", "eventstream.streams.open", "value"),
                    service.status("Threads"),
                    heap,
                    perStream,
                    service.status("VmRSS"));
            phase(service, readers, "2 kB events, all read", 2_000, streams);
            readers.stopReading(streams / 10);
            phase(service, readers, "2 kB events, a tenth has stopped reading", 2_000, streams - streams / 10);
            phase(service, readers, "the same, later", 2_000, streams - streams / 10);
            phase(service, readers, "the same, later still", 2_000, streams - streams / 10);
            print(
                    "overflows=%.0f stalled=%.0f",
                    service.metric("meters", "eventstream.overflows", "count"),
                    service.metric("counters", "eventstream.streams.ended.stalled", "count"));
            readers.stop();
            reading.join(5_000);
        }
    }

    private void phase(ServiceProcess service, Readers readers, String name, int characters, int readersThatRead)
            throws Exception {
        readers.take();
        Duration cpu = service.cpu();
        long start = System.nanoTime();
        int sent = send(service, characters);
        TimeUnit.SECONDS.sleep(2);
        double elapsed = (System.nanoTime() - start) / 1e9;
        Duration used = service.cpu().minus(cpu);
        Readers.Received received = readers.take();
        double microseconds = used.toNanos() / 1e3 / Math.max(1, received.deliveries());
        Figures.printLowerIsBetter("fan-out, " + name + ": CPU of a delivery", microseconds, "µs");
        Figures.printLowerIsBetter("fan-out, " + name + ": p50", received.milliseconds(0.5), "ms");
        print(
                "%s: sent=%d delivered=%d of %d, latency p50=%.1f p99=%.1f max=%.1f ms, cpu=%.0f%% of a core, %.1f µs a delivery",
                name,
                sent,
                received.deliveries(),
                (long) sent * readersThatRead,
                received.milliseconds(0.5),
                received.milliseconds(0.99),
                received.milliseconds(1),
                100 * used.toMillis() / 1e3 / elapsed,
                microseconds);
    }

    private int send(ServiceProcess service, int characters) throws InterruptedException {
        AtomicInteger sent = new AtomicInteger();
        ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
        ScheduledFuture<?> sending = pace.scheduleAtFixedRate(
                () -> {
                    try {
                        service.publish(CHANNEL, Readers.stamped(characters));
                        sent.incrementAndGet();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                0,
                1_000_000_000L / perSecond,
                TimeUnit.NANOSECONDS);
        TimeUnit.SECONDS.sleep(seconds);
        if (sending.isDone()) {
            throw new IllegalStateException("sending failed; see service.log");
        }
        pace.shutdown();
        pace.awaitTermination(10, TimeUnit.SECONDS);
        return sent.get();
    }

    /** The least of several readings: each is taken some time after a collection, and the service has allocated since. */
    private static double heap(ServiceProcess service) throws Exception {
        double least = Double.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            service.collectGarbage();
            least = Math.min(least, service.metric("gauges", "jvm.memory.heap.used", "value") / 1e6);
        }
        return least;
    }
}
