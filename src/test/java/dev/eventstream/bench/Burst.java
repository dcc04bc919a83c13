package dev.eventstream.bench;

import static dev.eventstream.bench.Programs.print;
import static dev.eventstream.bench.Programs.start;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.eventstream.ServiceProcess;
import dev.eventstream.bench.ManyReaders.Totals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A burst of small events to thousands of streams, each with a shared channel and a private one, so that no two streams have
 * the same channels. The node is a JVM with a small heap. Every delivery must arrive or be covered by a reset, and the node must
 * be healthy all the time.
 */
public final class Burst {
    private static final String SHARED = "g";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POST_PATIENCE = Duration.ofMinutes(2);
    private static final int DEFAULT_LIMIT = 10_000;
    private static final int TEXT_CHARACTERS = 20;

    private final int streams;
    private final String heap;
    private final int notReading;
    private final int posts;
    private final int events;
    private String end = "";

    private Burst(Arguments arguments) {
        this.streams = arguments.number("--streams", 8_000);
        this.heap = arguments.text("--heap", "256m");
        this.notReading = arguments.number("--not-reading", 0);
        this.posts = arguments.number("--posts", 4);
        this.events = arguments.number("--events", 1_000);
    }

    /** Ends with status 1 if anything is missing or the node was ever unhealthy. */
    public static void main(String[] arguments) throws Exception {
        Burst burst =
                new Burst(new Arguments(arguments, "--streams", "--heap", "--not-reading", "--posts", "--events"));
        System.exit(burst.run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        print(
                "%d streams, %d of them not reading, heap %s, %d posts of %d events",
                streams, notReading, heap, posts, events);
        Path directory = Files.createTempDirectory("burst");
        Path gc = directory.resolve("gc.log");
        try (ServiceProcess service = ServiceProcess.start(
                        directory,
                        List.of("-Xmx" + heap, GcLog.option(gc)),
                        ServiceProcess.Database.h2(directory),
                        streams < DEFAULT_LIMIT
                                ? ""
                                : "limits: {newStreamsPerSecond: 1000000, streams: " + 2 * streams + '}');
                ManyReaders readers = new ManyReaders(
                        service.port(), SHARED, streams, i -> "/events?channel=" + SHARED + "&channel=p" + i)) {
            start(readers, "readers");
            awaitOpen(readers);
            HealthWatch health = new HealthWatch(service);
            start(health, "health");
            readers.stopReading(notReading);
            long start = System.nanoTime();
            boolean isComplete = post(service) && awaitEnd(service, readers, notReading);
            print("%.1f s until all readers that read had everything", seconds(start));
            if (notReading > 0) {
                readers.readAgain();
                isComplete = isComplete && awaitEnd(service, readers, 0);
                print("%.1f s until all readers had everything", seconds(start));
            }
            TimeUnit.SECONDS.sleep(5);
            health.stop();
            String trouble = service.trouble(Duration.ofSeconds(10));
            print("%s", GcLog.read(gc));
            print("%s", health);
            print("health at the end: %s", trouble.isEmpty() ? "green" : trouble);
            print("rss at the end: %s", service.isAlive() ? service.status("VmRSS") : "the process has ended");
            return isRight(readers.totals(), isComplete) && trouble.isEmpty() && health.wasGreen();
        } finally {
            print("log of the node: %s", directory.resolve("service.log"));
        }
    }

    private boolean isRight(Totals totals, boolean isComplete) {
        long expected = (long) streams * posts * events;
        print(
                "delivered %d of %d, %d named by %d resets, lost %d, repeated %d, returns %d%s",
                totals.received(),
                expected,
                totals.named(),
                totals.resets(),
                totals.lost(),
                totals.repeated(),
                totals.returns(),
                totals.lastError().isEmpty() ? "" : ", such as: " + totals.lastError());
        boolean isRight = isComplete && totals.lost() == 0 && totals.received() + totals.named() == expected;
        print(isRight ? "complete" : "NOT COMPLETE");
        return isRight;
    }

    private void awaitOpen(ManyReaders readers) throws InterruptedException {
        long start = System.nanoTime();
        readers.awaitOpen(Duration.ofMinutes(5));
        print("%d streams open after %.1f s", streams, seconds(start));
    }

    private boolean post(ServiceProcess service) throws InterruptedException {
        for (int i = 0; i < posts; i++) {
            long start = System.nanoTime();
            try {
                JsonNode ids = new ObjectMapper().readTree(service.publish(batch(SHARED, events), POST_PATIENCE));
                end = ids.get(ids.size() - 1).path("id").asText();
                print("post %d took %.1f s", i + 1, seconds(start));
            } catch (IOException | IllegalStateException e) {
                print("post %d FAILED after %.1f s: %s", i + 1, seconds(start), e);
                return false;
            }
        }
        return true;
    }

    /** A body with many small events. */
    static String batch(String channel, int events) {
        ArrayNode body = new ObjectMapper().createArrayNode();
        for (int i = 0; i < events; i++) {
            body.addObject().put("channel", channel).put("text", "x".repeat(TEXT_CHARACTERS));
        }
        return body.toString();
    }

    /** Waits until all readers from a number on have everything; gives up after a long silence. */
    private boolean awaitEnd(ServiceProcess service, ManyReaders readers, int from) throws InterruptedException {
        int dash = end.lastIndexOf('-');
        String epoch = end.substring(0, dash);
        long last = Long.parseLong(end.substring(dash + 1));
        long before = -1;
        long since = System.nanoTime();
        while (readers.behind(epoch, last).stream().anyMatch(reader -> reader >= from)) {
            Totals totals = readers.totals();
            if (totals.received() + totals.named() != before) {
                before = totals.received() + totals.named();
                since = System.nanoTime();
            }
            if (seconds(since) > PATIENCE.toSeconds() || !service.isAlive()) {
                print("no event for %.0f s; the node %s", seconds(since), service.isAlive() ? "runs" : "has ended");
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        return true;
    }

    private static double seconds(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
