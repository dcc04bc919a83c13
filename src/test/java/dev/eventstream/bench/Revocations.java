package dev.eventstream.bench;

import static dev.eventstream.bench.Programs.print;

import dev.eventstream.ServiceProcess;
import dev.eventstream.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Simultaneous revocations on a node with thousands of streams: how long they delay the events of another channel, and how long it
 * takes until the last reader is disconnected. The phase before is the control.
 */
public final class Revocations {
    private static final String MEMBERS = "members";
    private static final String PROBE = "probe";
    private static final int PROBES = 50;
    private static final int PROBES_PER_SECOND = 50;
    private static final int MOST_DELAY_MILLIS = 100;

    private final int streams;
    private final int revocations;
    private final int seconds;

    private Revocations(Arguments arguments) {
        this.streams = arguments.number("--streams", 10_000);
        this.revocations = arguments.number("--revocations", 1_000);
        this.seconds = arguments.number("--seconds", 10);
    }

    /** Ends with status 1 if an event came more than 100 ms later than any event before the revocations. */
    public static void main(String[] arguments) throws Exception {
        Revocations measured = new Revocations(new Arguments(arguments, "--streams", "--revocations", "--seconds"));
        System.exit(measured.run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        Path directory = Files.createTempDirectory("revocations");
        try (ServiceProcess service = ServiceProcess.start(
                directory,
                List.of("-Xmx512m"),
                ServiceProcess.Database.h2(directory),
                "limits: {streams: " + 2 * streams + "}")) {
            Readers members = start(new Readers(service.port(), MEMBERS, streams, Revocations::header), "members");
            Readers probes = start(new Readers(service.port(), PROBE, PROBES), "probes");
            awaitOpen(service);
            ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
            ScheduledFuture<?> sending = pace.scheduleAtFixedRate(
                    () -> send(service), 0, 1_000_000 / PROBES_PER_SECOND, TimeUnit.MICROSECONDS);
            boolean isInTime = measure(service, members, probes);
            if (sending.isDone()) {
                throw new IllegalStateException("sending failed; see " + directory.resolve("service.log"));
            }
            pace.shutdownNow();
            return isInTime;
        }
    }

    private void awaitOpen(ServiceProcess service) throws Exception {
        long start = System.nanoTime();
        while (open(service) < streams + PROBES) {
            if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(10)) {
                throw new IllegalStateException(
                        "only " + open(service) + " of " + (streams + PROBES) + " streams have opened");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static double open(ServiceProcess service) throws Exception {
        return service.metric("gauges", "eventstream.streams.open", "value");
    }

    private static void send(ServiceProcess service) {
        try {
            service.publish(PROBE, Readers.stamped(40));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) { // the end
            Thread.currentThread().interrupt();
        }
    }

    private boolean measure(ServiceProcess service, Readers members, Readers probes) throws Exception {
        TimeUnit.SECONDS.sleep(seconds); // the JVM warms up
        probes.take();
        TimeUnit.SECONDS.sleep(seconds);
        double before = printPhase("before", probes.take());
        long start = System.nanoTime();
        service.revoke(MEMBERS, revocations);
        double called = (System.nanoTime() - start) / 1e6;
        while (members.ended() < revocations) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        double disconnected = (System.nanoTime() - start) / 1e6;
        TimeUnit.SECONDS.sleep(1);
        double during = printPhase("during the revocations and a second after", probes.take());
        print("%d streams, %d revocations: reported after %.0f ms", streams, revocations, called);
        Figures.printLowerIsBetter("last reader disconnected", disconnected, "ms");
        Figures.printLowerIsBetter("longest delay of an event by the revocations", during - before, "ms");
        TimeUnit.SECONDS.sleep(1);
        print("streams that ended: %d, open: %.0f", members.ended(), open(service));
        return during - before <= MOST_DELAY_MILLIS && members.ended() == revocations;
    }

    private static Readers start(Readers readers, String name) {
        Thread thread = new Thread(readers, name);
        thread.setDaemon(true);
        thread.start();
        return readers;
    }

    private static String user(int number) {
        return "user-" + number;
    }

    private static String header(int number) {
        return "Authorization: " + TestServer.basic(user(number)) + "\r\n";
    }

    private static double printPhase(String phase, Readers.Received received) {
        print(
                "%s: deliveries=%d, latency p50=%.1f p99=%.1f max=%.1f ms",
                phase,
                received.deliveries(),
                received.milliseconds(0.5),
                received.milliseconds(0.99),
                received.milliseconds(1));
        return received.milliseconds(1);
    }
}
