package dev.eventstream.bench;

import static dev.eventstream.bench.Programs.print;
import static dev.eventstream.bench.Programs.start;

import dev.eventstream.ServiceProcess;
import dev.eventstream.bench.ManyReaders.Totals;
import dev.eventstream.network.FreePorts;
import dev.eventstream.pushpin.PushpinProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The connections of all readers break at once, while events are sent. Each reader comes back half a second later, or behind
 * Pushpin after its {@code retry} time, with the position that it has reached. Nothing may be lost, nothing may be repeated (Pushpin
 * may repeat events; clients drop them by id), and the service must still answer the requests that send the events, like all
 * other requests to the application.
 */
public final class Storm {
    private static final String CHANNEL = "load";
    private static final int DEFAULT_LIMIT = 10_000;
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final int streams;
    private final int perSecond;
    private final int seconds;
    private final int rounds;
    private final boolean isProxied;
    private final int port = FreePorts.next();

    private Storm(Arguments arguments) {
        this.isProxied = isPushpin(arguments.text("--behind", "nothing"));
        this.streams = arguments.number("--streams", isProxied ? 2_000 : 5_000);
        this.perSecond = arguments.number("--rate", 10);
        this.seconds = arguments.number("--seconds", 20);
        this.rounds = arguments.number("--rounds", 3);
    }

    private static boolean isPushpin(String behind) {
        return switch (behind) {
            case "pushpin" -> true;
            case "nothing" -> false;
            default -> throw new IllegalArgumentException("--behind " + behind + ": expected pushpin or nothing");
        };
    }

    /** Ends with status 1 if an event was lost or repeated, a send failed, the node was unhealthy, or a reader did not come back. */
    public static void main(String[] arguments) throws Exception {
        System.exit(
                new Storm(new Arguments(arguments, "--streams", "--rate", "--seconds", "--rounds", "--behind")).run()
                        ? 0
                        : 1);
    }

    private boolean run() throws Exception {
        print(
                "%d readers of one channel%s, %d events/s, %d storms",
                streams, isProxied ? " behind Pushpin" : "", perSecond, rounds);
        Path directory = Files.createTempDirectory("storm");
        if (!isProxied) {
            return run(directory, port, "");
        }
        try (PushpinProcess pushpin = PushpinProcess.before("127.0.0.1:" + port)
                .withoutMessageLimits()
                .start()) {
            return run(directory, pushpin.uri().getPort(), Programs.behind(pushpin));
        }
    }

    /**
     * @param door the port that the readers use
     * @param more further lines of the eventStream block
     */
    private boolean run(Path directory, int door, String more) throws Exception {
        int limit = Math.max(DEFAULT_LIMIT, 2 * streams);
        try (ServiceProcess service = ServiceProcess.start(
                        directory,
                        port,
                        List.of("-Xmx512m"),
                        ServiceProcess.Database.h2(directory),
                        "limits: {newStreamsPerSecond: 1000000, streams: " + limit + "}\n" + more);
                ManyReaders readers = readers(door);
                PacedSender sender = new PacedSender(CHANNEL, () -> service, () -> "x".repeat(100))) {
            start(readers, "readers");
            readers.awaitOpen(LONGEST);
            HealthWatch health = new HealthWatch(service);
            start(health, "health");
            sender.start(perSecond);
            phase("at rest", service, readers, sender, seconds);
            for (int round = 1; round <= rounds; round++) {
                storm(round, service, readers, sender);
                phase("after it", service, readers, sender, seconds);
            }
            boolean isEnded = sender.stop(Duration.ofSeconds(30)) && readers.awaitEvent(sender.newestId(), LONGEST);
            health.stop();
            print("%s", health);
            return isRight(readers.totals(), isEnded, sender.failures()) && health.wasGreen();
        } finally {
            print("log of the node: %s", directory.resolve("service.log"));
        }
    }

    // Pushpin refuses two in five of 2,000 clients that connect at once, so its readers come back when the server asks
    // them to, as browsers do
    private ManyReaders readers(int door) throws IOException {
        ManyReaders readers = new ManyReaders(door, CHANNEL, streams, i -> "/events?channel=" + CHANNEL);
        return isProxied ? readers.likeBrowsers() : readers;
    }

    private void storm(int round, ServiceProcess service, ManyReaders readers, PacedSender sender) throws Exception {
        double catchUps = service.metric("meters", "eventstream.catch-ups", "count");
        sender.takeMillis();
        readers.takeAwayMillis();
        long start = System.nanoTime();
        readers.cut(number -> true);
        double threads = awaitOpen(service, readers);
        List<Long> away = readers.takeAwayMillis();
        print(
                "storm %d: all %d are back after %.1f s (away p50=%d p99=%d max=%d ms); %.0f catch-ups, at most %.0f threads",
                round,
                streams,
                (System.nanoTime() - start) / 1e9,
                share(away, 0.5),
                share(away, 0.99),
                share(away, 1),
                service.metric("meters", "eventstream.catch-ups", "count") - catchUps,
                threads);
        printAnswers("in the storm", sender);
        Figures.printLowerIsBetter("storm: longest absence", share(away, 1), "ms");
    }

    private void phase(String name, ServiceProcess service, ManyReaders readers, PacedSender sender, int length)
            throws Exception {
        sender.takeMillis();
        long received = readers.totals().received();
        Duration cpu = service.cpu();
        TimeUnit.SECONDS.sleep(length);
        print(
                "%s: %d deliveries in %d s, cpu=%.0f%% of a core, %.0f threads",
                name,
                readers.totals().received() - received,
                length,
                service.cpu().minus(cpu).toMillis() / 10.0 / length,
                service.metric("gauges", "jvm.threads.count", "value"));
        printAnswers(name, sender);
    }

    private static void printAnswers(String phase, PacedSender sender) {
        List<Double> sorted = sender.takeMillis();
        if (!sorted.isEmpty()) {
            print(
                    "  %s, %d requests were answered after p50=%.1f p99=%.1f max=%.1f ms",
                    phase, sorted.size(), share(sorted, 0.5), share(sorted, 0.99), share(sorted, 1));
        }
    }

    private static <T> T share(List<T> sorted, double share) {
        return sorted.get((int) ((sorted.size() - 1) * share));
    }

    /** Waits for all readers; returns the largest number of threads in the meantime. */
    private double awaitOpen(ServiceProcess service, ManyReaders readers) throws Exception {
        long start = System.nanoTime();
        double most = 0;
        while (readers.totals().open() < streams) {
            if (System.nanoTime() - start > LONGEST.toNanos()) {
                throw new IllegalStateException("not all readers have a stream: " + readers.totals());
            }
            most = Math.max(most, service.metric("gauges", "jvm.threads.count", "value"));
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return most;
    }

    private boolean isRight(Totals totals, boolean isEnded, int failures) {
        print(
                "%s; lost %d, repeated %d, named by resets %d; %d returns, %d of them after a silence; %d sends failed",
                isEnded ? "all readers have the last event" : "NOT all readers have the last event",
                totals.lost(),
                totals.repeated(),
                totals.named(),
                totals.returns(),
                totals.silences(),
                failures);
        return isEnded
                && totals.lost() == 0
                && (isProxied || totals.repeated() == 0)
                && totals.named() == 0
                && failures == 0;
    }
}
