package dev.eventstream.bench;

import static dev.eventstream.bench.Programs.print;
import static dev.eventstream.bench.Programs.start;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.eventstream.ServiceProcess;
import dev.eventstream.bench.ManyReaders.Totals;
import dev.eventstream.database.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Streams that come and go at random on three nodes: whether the nodes end with the descriptors, threads and heap with which they began.
 * Each stream has a shared channel and one of many others.
 */
public final class Soak {
    private static final String CHANNEL = "load";
    private static final int NODES = 3;
    private static final int OTHER_CHANNELS = 500;
    private static final int EVENTS_PER_SECOND = 20;
    private static final int WARM_UP_SECONDS = 60;

    /** After this, a node has forgotten the channels of streams that have ended, and closed idle connections. */
    private static final int SETTLING_SECONDS = 90;

    private final int minutes;
    private final int streams;
    private final int cutsPerSecond;
    private final Random random;
    private final List<ServiceProcess> nodes = new ArrayList<>();

    private Soak(Arguments arguments) {
        this.minutes = arguments.number("--minutes", 20);
        this.streams = arguments.number("--streams", 1_000);
        this.cutsPerSecond = arguments.number("--cuts", 100);
        this.random = new Random(arguments.number("--seed", 1));
    }

    /** Ends with status 1 if an event was lost or repeated, or a node has more than it began with. */
    public static void main(String[] arguments) throws Exception {
        System.exit(new Soak(new Arguments(arguments, "--minutes", "--streams", "--cuts", "--seed")).run() ? 0 : 1);
    }

    /** What a node uses while it has no streams. */
    private record Usage(int descriptors, int threads, double heapMegabytes) {
        static Usage of(ServiceProcess node) throws IOException, InterruptedException {
            node.collectGarbage();
            return new Usage(
                    node.descriptors(),
                    Integer.parseInt(node.status("Threads")),
                    node.metric("gauges", "jvm.memory.heap.used", "value") / (1 << 20));
        }

        // a pool may have another thread or connection, and the JVM some more compiled code; a leak has hundreds
        boolean isNoMoreThan(Usage before) {
            return descriptors <= before.descriptors + 20
                    && threads <= before.threads + 20
                    && heapMegabytes <= before.heapMegabytes * 1.2 + 5;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%d descriptors, %d threads, %.1f MB of heap", descriptors, threads, heapMegabytes);
        }
    }

    private boolean run() throws Exception {
        print("%d nodes with %d streams each, %d cuts/s, %d minutes", NODES, streams, NODES * cutsPerSecond, minutes);
        Path directory = Files.createTempDirectory("soak");
        try (PostgresServer server = PostgresServer.startNew();
                PacedSender sender = new PacedSender(CHANNEL, () -> nodes.get(0), () -> "x".repeat(100))) {
            String database = server.freshDatabase();
            for (int i = 0; i < NODES; i++) {
                nodes.add(ServiceProcess.start(
                        Files.createDirectory(directory.resolve("node-" + i)),
                        List.of("-Xmx512m"),
                        new ServiceProcess.Database("org.postgresql.Driver", server.jdbcUrl(database), server.user()),
                        "limits: {newStreamsPerSecond: 10000}"));
            }
            sender.start(EVENTS_PER_SECOND);
            boolean isRight = load(WARM_UP_SECONDS); // loads classes, fills pools
            List<Usage> before = usage();
            boolean isComplete = load((int) TimeUnit.MINUTES.toSeconds(minutes));
            boolean isSettled = isSettled(before);
            print("%d sends failed", sender.failures());
            return isRight && isComplete && isSettled && sender.failures() == 0;
        } finally {
            nodes.forEach(ServiceProcess::close);
            MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    /** Opens all streams, has some come and go every tenth of a second, and closes all. */
    private boolean load(int seconds) throws Exception {
        List<ManyReaders> readers = new ArrayList<>();
        for (ServiceProcess node : nodes) {
            ManyReaders some = new ManyReaders(node.port(), CHANNEL, streams, this::path);
            readers.add(some);
            start(some, "readers-" + readers.size());
        }
        double share = cutsPerSecond / 10.0 / streams;
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds); System.nanoTime() < end; ) {
            readers.forEach(some -> some.cut(number -> random.nextDouble() < share));
            TimeUnit.MILLISECONDS.sleep(100);
        }
        boolean isRight = true;
        for (ManyReaders some : readers) {
            Totals totals = some.totals();
            some.close();
            print(
                    "after %d s: %d received, %d returns, lost %d, repeated %d, named by resets %d%s",
                    seconds,
                    totals.received(),
                    totals.returns(),
                    totals.lost(),
                    totals.repeated(),
                    totals.named(),
                    totals.lastError().isEmpty() ? "" : ", such as: " + totals.lastError());
            isRight &= totals.lost() == 0 && totals.repeated() == 0 && totals.named() == 0;
        }
        return isRight;
    }

    private synchronized String path(int number) {
        return "/events?channel=" + CHANNEL + "&channel=other-" + random.nextInt(OTHER_CHANNELS);
    }

    private List<Usage> usage() throws Exception {
        TimeUnit.SECONDS.sleep(SETTLING_SECONDS);
        List<Usage> all = new ArrayList<>();
        for (ServiceProcess node : nodes) {
            all.add(Usage.of(node));
        }
        return all;
    }

    private boolean isSettled(List<Usage> before) throws Exception {
        List<Usage> after = usage();
        boolean isSettled = true;
        for (int i = 0; i < NODES; i++) {
            boolean isRight = after.get(i).isNoMoreThan(before.get(i));
            print("node %d: before %s; after %s%s", i + 1, before.get(i), after.get(i), isRight ? "" : ": MORE");
            isSettled &= isRight;
        }
        return isSettled;
    }
}
