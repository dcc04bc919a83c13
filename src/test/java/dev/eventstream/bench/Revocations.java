package dev.eventstream.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.eventstream.EventStream;
import dev.eventstream.TestServer;
import dev.eventstream.event.NewEvent;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Simultaneous revocations on a node with thousands of streams: how long they delay the events of another channel, and how long it
 * takes until the last reader is disconnected. The readers and the node share this JVM. The phase before is the control.
 */
public final class Revocations {
    private static final String MEMBERS = "members";
    private static final String PROBE = "probe";
    private static final int PROBES = 50;
    private static final int PROBES_PER_SECOND = 50;
    private static final int CALLERS = 8;
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
        TestServer server = new TestServer("eventStream.limits.streams=" + 2 * streams);
        server.start();
        try {
            ((Logger) LoggerFactory.getLogger("dev.eventstream")).setLevel(Level.INFO);
            Readers members = start(new Readers(server.port(), MEMBERS, streams, Revocations::header), "members");
            Readers probes = start(new Readers(server.port(), PROBE, PROBES), "probes");
            while (server.openStreams() < streams + PROBES) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
            ScheduledFuture<?> sending = pace.scheduleAtFixedRate(
                    () -> server.events().send(NewEvent.text(PROBE, "message", Readers.stamped(40))),
                    0,
                    1_000_000 / PROBES_PER_SECOND,
                    TimeUnit.MICROSECONDS);
            boolean isInTime = measure(server, members, probes);
            if (sending.isDone()) {
                throw new IllegalStateException("sending failed");
            }
            pace.shutdownNow();
            return isInTime;
        } finally {
            server.stop();
        }
    }

    private boolean measure(TestServer server, Readers members, Readers probes) throws InterruptedException {
        TimeUnit.SECONDS.sleep(seconds); // the JVM warms up
        probes.take();
        TimeUnit.SECONDS.sleep(seconds);
        double before = print("before", probes.take());
        long start = System.nanoTime();
        revoke(server);
        double called = (System.nanoTime() - start) / 1e6;
        while (members.ended() < revocations) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        double disconnected = (System.nanoTime() - start) / 1e6;
        TimeUnit.SECONDS.sleep(1);
        double during = print("during the revocations and a second after", probes.take());
        print("%d streams, %d revocations: calls took %.0f ms", streams, revocations, called);
        Figures.printLowerIsBetter("last reader disconnected", disconnected, "ms");
        Figures.printLowerIsBetter("longest delay of an event by the revocations", during - before, "ms");
        TimeUnit.SECONDS.sleep(1);
        print("streams that ended: %d, open: %d", members.ended(), server.openStreams());
        return during - before <= MOST_DELAY_MILLIS && members.ended() == revocations;
    }

    private void revoke(TestServer server) throws InterruptedException {
        for (int i = 0; i < revocations; i++) {
            server.service().revoked.add(user(i) + ' ' + MEMBERS);
        }
        EventStream events = server.events();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        CountDownLatch left = new CountDownLatch(revocations);
        for (int i = 0; i < revocations; i++) {
            String user = user(i);
            callers.execute(() -> {
                events.channelPermissionChanged(user, MEMBERS);
                left.countDown();
            });
        }
        left.await();
        callers.shutdown();
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

    private static double print(String phase, Readers.Received received) {
        print(
                "%s: deliveries=%d, latency p50=%.1f p99=%.1f max=%.1f ms",
                phase,
                received.deliveries(),
                received.milliseconds(0.5),
                received.milliseconds(0.99),
                received.milliseconds(1));
        return received.milliseconds(1);
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
